#include "film/film_cues.h"

#include <algorithm>

#include "caption/cue_json.h"

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

Result<std::vector<caption::Cue>> film_cues_of(const timeline::MeetingFolder& folder, MeetingTime end) {
  const Path path = folder.path / "captions" / "cues.json";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::vector<caption::Cue>{};
  GREFFE_TRY(const std::string text, read_text(path, 64u << 20));
  const auto value = json::parse(text);
  if (!value) return fail_within(path.string(), value);
  GREFFE_TRY(std::vector<caption::Cue> cues, caption::cues_of_json(*value, path.string()));
  for (caption::Cue& cue : cues) {
    cue.text = without_empty_lines(cue.text);
    cue.range = {std::max(cue.range.start, MeetingTime{}), std::min(cue.range.end, end)};
    if (const timeline::Participant* participant = folder.meeting.find_participant(cue.speaker))
      cue.speaker = participant->name;
  }
  std::erase_if(cues, [](const caption::Cue& cue) { return cue.range.empty() || cue.text.empty(); });
  std::stable_sort(cues.begin(), cues.end(), [](const caption::Cue& a, const caption::Cue& b) {
    return a.range.start < b.range.start;
  });
  return cues;
}

}  // namespace greffe::film
