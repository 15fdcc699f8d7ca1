#include "caption/webvtt.h"

#include <algorithm>

#include "base/text.h"
#include "caption/cue_text.h"
#include "caption/webvtt_cue_text.h"

namespace greffe::caption {
namespace {

constexpr std::string_view Bom = "\xEF\xBB\xBF";
constexpr std::string_view Arrow = "-->";

void skip_white_space(std::string_view& text) {
  text.remove_prefix(std::min(text.find_first_not_of(" \t\n\f\r"), text.size()));
}

// §6.3 "collect WebVTT cue timings and settings"; the settings are not kept.
std::optional<TimeRange> timings_of(std::string_view line) {
  skip_white_space(line);
  const auto start = take_timestamp(line);
  if (!start) return std::nullopt;
  skip_white_space(line);
  if (!line.starts_with(Arrow)) return std::nullopt;
  line.remove_prefix(Arrow.size());
  skip_white_space(line);
  const auto end = take_timestamp(line);
  if (!end) return std::nullopt;
  return TimeRange{*start, *end};
}

// The lines of a file with a place to go back to.
class Lines {
 public:
  explicit Lines(std::string_view text) : text_(text) {}

  bool at_end() const { return at_ >= text_.size(); }
  struct Position {
    std::size_t at = 0;
    std::int64_t line = 1;  // counted from 1
  };
  Position position() const { return {at_, line_}; }
  void go_back(Position position) { at_ = position.at, line_ = position.line; }
  std::string_view next() {
    const std::size_t end = std::min(text_.find('\n', at_), text_.size());
    const std::string_view line = text_.substr(at_, end - at_);
    at_ = std::min(end + 1, text_.size());
    ++line_;
    return line;
  }
  void skip_empty() {
    while (at_ < text_.size() && text_[at_] == '\n') ++at_, ++line_;
  }

 private:
  std::string_view text_;
  std::size_t at_ = 0;
  std::int64_t line_ = 1;
};

struct Block {
  std::optional<TimeRange> timings;
  std::string text;
  bool bad_timings = false;
};

// §6.1 "collect a WebVTT block". Blocks without an arrow (NOTE, STYLE, REGION, loose text) give no cue.
Block take_block(Lines& lines, bool in_header) {
  Block block;
  bool seen_arrow = false;
  Lines::Position before = lines.position();
  for (int count = 1; !lines.at_end(); ++count) {
    const std::string_view line = lines.next();
    if (line.find(Arrow) != std::string_view::npos) {
      const bool starts_cue = !in_header && (count == 1 || (count == 2 && !seen_arrow));
      if (!starts_cue) {
        lines.go_back(before);
        break;
      }
      seen_arrow = true;
      before = lines.position();
      block.timings = timings_of(line);
      block.bad_timings = !block.timings;
      block.text.clear();
      continue;
    }
    if (line.empty()) break;
    if (!block.text.empty()) block.text += '\n';
    block.text += line;
    before = lines.position();
  }
  return block;
}

Status check_signature(std::string_view text) {
  constexpr std::string_view Signature = "WEBVTT";
  const std::string_view after = text.substr(std::min(Signature.size(), text.size()));
  if (!text.starts_with(Signature) ||
      !(after.empty() || after.front() == ' ' || after.front() == '\t' || after.front() == '\n'))
    return fail(ErrorKind::Damaged, "not WebVTT: the first line is not WEBVTT");
  return {};
}

}  // namespace

std::string webvtt_time(MeetingTime time) {
  const std::int64_t ms = std::max<std::int64_t>(0, whole_ms(time));
  return fmt::format("{:02}:{:02}:{:02}.{:03}", ms / 3'600'000, ms / 60'000 % 60, ms / 1000 % 60, ms % 1000);
}

Result<std::vector<Cue>> read_webvtt(std::string_view text, const std::string& place, DamageLog& damage) {
  if (text.starts_with(Bom)) text.remove_prefix(Bom.size());
  const std::string preprocessed_text = with_plain_line_ends(text);  // §6.1 steps 1 to 3
  GREFFE_CHECK(check_signature(preprocessed_text));
  Lines lines(preprocessed_text);
  lines.next();
  if (!lines.at_end() && preprocessed_text[lines.position().at] != '\n') take_block(lines, true);
  CueList cues(place, damage);
  for (lines.skip_empty(); !lines.at_end(); lines.skip_empty()) {
    const Block block = take_block(lines, false);
    if (block.bad_timings) {
      const std::int64_t line = lines.position().line;
      damage.add(
          {.condition = "bad-cue",
           .place = place,
           .unit = "cues",
           .position = line,
           .text = fmt::format("cue that ends before line {} has no valid times and is left out", line)});
    }
    if (!block.timings) continue;
    for (Cue& cue : parse_cue_text(block.text, *block.timings)) {
      take_bracketed_speaker(cue);
      if (!cues.add(std::move(cue))) return cues.take();
    }
  }
  return cues.take();
}

std::string webvtt_cue_text(const Cue& cue) {
  std::string lines;
  std::size_t at = 0;
  while (at < cue.text.size()) {
    const std::size_t end = std::min(cue.text.find('\n', at), cue.text.size());
    const std::string_view line = trimmed(std::string_view(cue.text).substr(at, end - at));
    if (!line.empty()) lines += (lines.empty() ? "" : "\n") + escaped_cue_text(line);
    at = end + 1;
  }
  if (cue.speaker.empty()) return lines;
  std::string name = escaped_cue_text(cue.speaker);
  std::replace(name.begin(), name.end(), '\n', ' ');
  return fmt::format("<v {}>{}", name, lines);
}

std::string write_webvtt(std::span<const Cue> cues) {
  std::string file = "WEBVTT\n";
  std::size_t number = 0;
  for (const Cue& cue : cues)
    file += fmt::format("\n{}\n{} --> {}\n{}\n", ++number, webvtt_time(cue.range.start),
                        webvtt_time(cue.range.end), webvtt_cue_text(cue));
  return file;
}

}  // namespace greffe::caption
