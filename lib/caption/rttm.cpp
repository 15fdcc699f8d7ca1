#include "caption/rttm.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <map>
#include <optional>

#include "base/parse.h"
#include "caption/cue_text.h"
#include "caption/limits.h"

namespace greffe::caption {
namespace {

constexpr std::size_t MostSpeakers = 200;
constexpr std::string_view Speaker = "SPEAKER";
constexpr std::string_view NotGiven = "<NA>";
// Types that say other things of a recording (table 3 there).
constexpr std::array<std::string_view, 13> OtherTypes{
    "SEGMENT", "NOSCORE", "NO_RT_METADATA", "LEXEME", "NON-LEX", "NON-SPEECH", "FILLER", "EDIT", "IP", "SU",
    "CB",      "A/P",     "SPKR-INFO"};

// "3.100": seconds, digits alone. Of the decimals nine count.
std::optional<Duration> seconds_of(std::string_view text) {
  constexpr std::int64_t Longest = 10'000'000;  // 116 days
  const std::size_t dot = std::min(text.find('.'), text.size());
  std::int64_t whole = 0, fraction = 0, unit = 1'000'000'000;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (i == dot) continue;
    const std::int64_t digit = text[i] - '0';
    if (digit < 0 || digit > 9) return std::nullopt;
    if (i < dot)
      whole = std::min(whole * 10 + digit, Longest + 1);
    else
      unit /= 10, fraction += digit * unit;
  }
  if (dot == 0 || whole > Longest) return std::nullopt;
  return std::chrono::seconds(whole) + Duration(fraction);
}

struct Line {
  std::string recording;
  std::string speaker;
  TimeRange range;
};

using Fields = std::span<const std::string_view>;

std::string joined(Fields fields) { return fmt::format("{}", fmt::join(fields, " ")); }

bool is_decimal(std::string_view text) {
  const auto value = find_number<double>(text);
  return value && std::isfinite(*value);
}

// A whole number is none: "Speaker 1" and "Speaker 2" are two people.
bool is_confidence(std::string_view text) {
  return text == NotGiven || (is_decimal(text) && text.find_first_of(".e") != std::string_view::npos);
}

// A name that may have blanks, and behind it in some files a confidence, and in some a look-ahead as well.
Fields name_in(Fields fields) {
  const std::size_t size = fields.size();
  if (size > 2 && is_confidence(fields[size - 2]) &&
      (fields[size - 1] == NotGiven || is_decimal(fields[size - 1])))
    return fields.first(size - 2);
  return size > 1 && is_confidence(fields[size - 1]) ? fields.first(size - 1) : fields;
}

// SPEAKER file channel onset duration <NA> <NA> name [confidence [look-ahead]]. The two <NA> show where the
// others are when the name of the file has blanks.
std::optional<Line> line_of(Fields fields) {
  constexpr std::array Between{NotGiven, NotGiven};
  constexpr std::ptrdiff_t Before = 5;
  if (fields.size() < Before) return std::nullopt;
  const auto between = std::search(fields.begin() + Before, fields.end(), Between.begin(), Between.end());
  if (fields.end() - between < 3) return std::nullopt;
  const auto onset = seconds_of(between[-2]), duration = seconds_of(between[-1]);
  if (!onset || !duration || duration->count() == 0) return std::nullopt;
  Line line{.recording = joined({fields.begin() + 1, between - 3}),
            .speaker = joined(name_in({between + 2, fields.end()})),
            .range = {MeetingTime(*onset), MeetingTime(*onset + *duration)}};
  if (line.speaker == NotGiven || line.speaker.size() > MostCueBytes) return std::nullopt;
  return line;
}

// Reads a file line by line.
class RttmReader {
 public:
  RttmReader(const std::string& place, DamageLog& damage) : place_(place), damage_(damage) {}

  void see(std::string_view text) {
    ++number_;
    const auto fields = fields_of(text);
    if (fields.empty() || fields[0].starts_with(";;")) return;
    if (fields[0] != Speaker) {
      if (std::find(OtherTypes.begin(), OtherTypes.end(), fields[0]) == OtherTypes.end())
        tell("bad-line", "no line of RTTM; left out");
      return;
    }
    const auto line = line_of(fields);
    if (!line) return tell("bad-line", "no start, no duration, no name, or not in their fields; left out");
    if (!recording_) recording_ = line->recording;
    if (*recording_ != line->recording)
      return tell("other-recording", fmt::format("of another recording than \"{}\"; left out", *recording_));
    if (!ranges_.contains(line->speaker) && ranges_.size() == MostSpeakers)
      return tell("too-many-speakers", fmt::format("more than {} speakers; left out", MostSpeakers));
    ranges_[line->speaker].push_back(line->range);
  }

  Speeches speeches() {
    Speeches speeches;
    for (auto& [speaker, ranges] : ranges_) {
      std::sort(ranges.begin(), ranges.end(),
                [](const TimeRange& a, const TimeRange& b) { return a.start < b.start; });
      speeches.emplace(speaker, Speech(ranges));
    }
    return speeches;
  }

 private:
  void tell(const char* condition, const std::string& what) {
    damage_.add({.condition = condition,
                 .place = place_,
                 .unit = "lines",
                 .position = number_,
                 .text = fmt::format("line {}: {}", number_, what)});
  }

  const std::string& place_;
  DamageLog& damage_;
  std::int64_t number_ = 0;  // of the line
  std::optional<std::string> recording_;
  std::map<std::string, std::vector<TimeRange>> ranges_;  // by speaker
};

}  // namespace

Speech::Speech(std::span<const TimeRange> spoken) {
  for (const TimeRange& range : spoken)
    if (!ranges_.empty() && range.start <= ranges_.back().end)
      ranges_.back().end = std::max(ranges_.back().end, range.end);
    else
      ranges_.push_back(range);
  Duration before{0};
  for (const TimeRange& range : ranges_) {
    before_.push_back(before);
    before += range.end - range.start;
  }
}

Duration Speech::spoken_in(const TimeRange& range) const {
  return range.start < range.end ? spoken_before(range.end) - spoken_before(range.start) : Duration{0};
}

Duration Speech::spoken_before(MeetingTime time) const {
  const auto behind = std::partition_point(ranges_.begin(), ranges_.end(),
                                           [&](const TimeRange& range) { return range.start < time; });
  if (behind == ranges_.begin()) return Duration{0};
  const auto last = static_cast<std::size_t>(behind - ranges_.begin()) - 1;
  return before_[last] + (std::min(time, ranges_[last].end) - ranges_[last].start);
}

Result<Speeches> read_rttm(std::string_view bytes, const std::string& place, DamageLog& damage) {
  GREFFE_TRY(const std::string text, text_of(bytes, place, damage));
  const std::string lines = with_plain_line_ends(text);
  RttmReader reader(place, damage);
  for (const std::string_view line : lines_in(lines)) reader.see(line);
  Speeches speeches = reader.speeches();
  if (speeches.empty()) return fail(ErrorKind::Damaged, "no SPEAKER line of RTTM in it");
  return speeches;
}

void name_by_speeches(std::vector<Cue>& cues, const Speeches& speeches) {
  for (Cue& cue : cues) {
    if (!cue.speaker.empty()) continue;
    Duration longest{0};
    for (const auto& [speaker, speech] : speeches) {
      const Duration spoken = speech.spoken_in(cue.range);
      if (spoken > longest) longest = spoken, cue.speaker = speaker;
    }
  }
}

}  // namespace greffe::caption
