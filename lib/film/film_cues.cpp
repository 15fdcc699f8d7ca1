#include "film/film_cues.h"

#include <algorithm>

#include "caption/cue_json.h"
#include "json/read_file.h"

namespace greffe::film {
namespace {

// An empty line ends a cue, so there is none in its text.
std::string without_empty_lines(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c != '\r' && (c != '\n' || (!result.empty() && result.back() != '\n'))) result += c;
  while (!result.empty() && result.back() == '\n') result.pop_back();
  return result;
}

}  // namespace

Result<FilmCues> film_cues_of(const timeline::MeetingFolder& folder, MeetingTime end) {
  const Path path = folder.path / "captions" / "cues.json";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return FilmCues{};
  GREFFE_TRY(const json::Value value, json::read_file(path, 64u << 20));
  GREFFE_TRY(std::vector<caption::Cue> cues, caption::cues_of_json(value, path.string()));
  for (caption::Cue& cue : cues) {
    cue.text = without_empty_lines(cue.text);
    cue.range.start = std::max(cue.range.start, MeetingTime{});
    if (const timeline::Participant* participant = folder.meeting.find_participant(cue.speaker))
      cue.speaker = participant->name;
  }
  const auto is_nothing = [](const caption::Cue& cue) { return cue.range.empty() || cue.text.empty(); };
  std::erase_if(cues, is_nothing);
  const bool any = !cues.empty();
  for (caption::Cue& cue : cues) cue.range.end = std::min(cue.range.end, end);
  std::erase_if(cues, is_nothing);
  std::stable_sort(cues.begin(), cues.end(), [](const caption::Cue& a, const caption::Cue& b) {
    return a.range.start < b.range.start;
  });
  return FilmCues{std::move(cues), any};
}

}  // namespace greffe::film
