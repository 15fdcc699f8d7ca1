#include "caption/place.h"

#include <algorithm>

#include "base/parse.h"

namespace greffe::caption {
namespace {

constexpr __int128 Farthest = 4'000'000'000'000'000'000;  // ns: 126 years

std::string_view without_label(std::string_view speaker) {
  const std::size_t at = speaker.rfind(" (SPEAKER_");
  return at != std::string_view::npos && speaker.ends_with(")") ? speaker.substr(0, at) : speaker;
}

}  // namespace

Result<Ratio> parse_ratio(std::string_view text) {
  constexpr std::int64_t Largest = 1'000'000'000;
  std::optional<std::int64_t> above, below;
  if (const std::size_t slash = text.find('/'); slash != std::string_view::npos) {
    above = find_number<std::int64_t>(text.substr(0, slash));
    below = find_number<std::int64_t>(text.substr(slash + 1));
  } else {
    const std::size_t dot = std::min(text.find('.'), text.size());
    const std::string_view decimals = text.substr(std::min(dot + 1, text.size()));
    std::int64_t scale = 1;
    for (std::size_t i = 0; i < decimals.size() && i < 10; ++i) scale *= 10;
    above = find_number<std::int64_t>(std::string(text.substr(0, dot)) + std::string(decimals));
    below = scale;
  }
  if (!above || !below || *above <= 0 || *below <= 0 || *above > Largest || *below > Largest)
    return fail(ErrorKind::Usage, "\"{}\" is no ratio: write 1.001 or 25025/24000", text);
  return Ratio{*above, *below};
}

void retime(std::vector<Cue>& cues, Duration offset, Ratio stretch) {
  const auto moved = [&](MeetingTime time) {
    const __int128 ns =
        static_cast<__int128>(time.time_since_epoch().count()) * stretch.numerator / stretch.denominator +
        offset.count();
    return MeetingTime(Duration(static_cast<std::int64_t>(std::clamp<__int128>(ns, -Farthest, Farthest))));
  };
  for (Cue& cue : cues) {
    cue.range = {moved(cue.range.start), moved(cue.range.end)};
    for (Word& word : cue.words)
      if (word.range) word.range = TimeRange{moved(word.range->start), moved(word.range->end)};
  }
}

const Person* find_person(std::span<const Person> people, std::string_view speaker) {
  for (const std::string_view wanted : {speaker, without_label(speaker)}) {
    for (const Person& person : people)
      if (person.id == wanted) return &person;
    const Person* named = nullptr;
    for (const Person& person : people)
      if (person.name == wanted && !wanted.empty()) {
        if (named != nullptr) return nullptr;
        named = &person;
      }
    if (named != nullptr) return named;
  }
  return nullptr;
}

void name_speakers(std::vector<Cue>& cues, std::span<const Person> people) {
  for (Cue& cue : cues)
    if (const Person* person = find_person(people, cue.speaker); person != nullptr && !person->name.empty())
      cue.speaker = person->name;
}

std::vector<Cue> clipped(std::vector<Cue> cues, MeetingTime end, const std::string& place,
                         DamageLog& damage) {
  std::stable_sort(cues.begin(), cues.end(),
                   [](const Cue& a, const Cue& b) { return a.range.start < b.range.start; });
  std::vector<Cue> kept;
  kept.reserve(cues.size());
  const TimeRange meeting{MeetingTime{}, end};
  for (Cue& cue : cues) {
    const std::int64_t position = whole_ms(cue.range.start);
    if (cue.range.empty() || !cue.range.overlaps(meeting)) {
      const bool endless = cue.range.empty();
      const bool backwards = cue.range.end < cue.range.start;
      damage.add({.condition = endless ? "cue-without-duration" : "cue-outside-meeting",
                  .place = place,
                  .unit = "cues",
                  .position = position,
                  .text = fmt::format("cue at {} ms {} and is left out", position,
                                      backwards ? "ends before it starts"
                                      : endless ? "ends where it starts"
                                                : "lies outside the meeting")});
      continue;
    }
    const TimeRange inside{std::max(cue.range.start, meeting.start), std::min(cue.range.end, meeting.end)};
    if (inside != cue.range)
      damage.add({.condition = "cue-clipped",
                  .place = place,
                  .unit = "cues",
                  .position = position,
                  .text = fmt::format("cue at {} ms goes beyond the meeting and was clipped", position)});
    cue.range = inside;
    kept.push_back(std::move(cue));
  }
  return kept;
}

}  // namespace greffe::caption
