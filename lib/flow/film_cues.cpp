#include "flow/film_cues.h"

#include <algorithm>

#include "json/reader.h"

namespace greffe::flow {
namespace {

using std::chrono::milliseconds;

constexpr std::string_view Schema = "greffe.cues/1";

// An empty line ends a cue, so there is none in its text.
std::string without_empty_lines(std::string_view text) {
  std::string result;
  for (const char c : text)
    if (c != '\r' && (c != '\n' || (!result.empty() && result.back() != '\n'))) result += c;
  while (!result.empty() && result.back() == '\n') result.pop_back();
  return result;
}

Result<caption::Cue> cue_of(const json::Value& value, std::size_t index, const timeline::Meeting& meeting) {
  json::Reader reader(value, fmt::format("cues[{}]", index));
  caption::Cue cue;
  cue.range = {MeetingTime(milliseconds(reader.integer("start_ms"))),
               MeetingTime(milliseconds(reader.integer("end_ms")))};
  cue.speaker = reader.find_text("speaker").value_or("");
  cue.text = without_empty_lines(reader.text("text"));
  GREFFE_CHECK(reader.status());
  if (const timeline::Participant* participant = meeting.find_participant(cue.speaker))
    cue.speaker = participant->name;
  return cue;
}

}  // namespace

Result<std::vector<caption::Cue>> film_cues_of(const MeetingFolder& folder, MeetingTime end) {
  const Path path = folder.path / "captions" / "cues.json";
  std::error_code ignored;
  if (!std::filesystem::exists(path, ignored)) return std::vector<caption::Cue>{};
  GREFFE_TRY(const std::string text, read_text(path, 64u << 20));
  const auto value = json::parse(text);
  if (!value) return fail_within(path.string(), value);
  json::Reader reader(*value, "");
  if (reader.text("schema") != Schema) reader.refuse("schema", fmt::format("expected \"{}\"", Schema));
  std::vector<caption::Cue> cues;
  for (const json::Value& item : reader.array("cues")) {
    auto cue = cue_of(item, cues.size(), folder.meeting);
    if (!cue) return fail_within(path.string(), cue);
    cue->range = {std::max(cue->range.start, MeetingTime{}), std::min(cue->range.end, end)};
    if (!cue->range.empty() && !cue->text.empty()) cues.push_back(std::move(*cue));
  }
  if (!reader.status()) return fail_within(path.string(), reader.status());
  std::stable_sort(cues.begin(), cues.end(), [](const caption::Cue& a, const caption::Cue& b) {
    return a.range.start < b.range.start;
  });
  return cues;
}

}  // namespace greffe::flow
