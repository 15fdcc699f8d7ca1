#include "caption/webvtt_cue_text.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "caption/cue_text.h"

namespace greffe::caption {
namespace {

std::string_view take_digits(std::string_view& text) {
  std::size_t count = 0;
  while (count < text.size() && is_digit(text[count])) ++count;
  const std::string_view digits = text.substr(0, count);
  text.remove_prefix(count);
  return digits;
}

bool take(std::string_view& text, char c) {
  if (text.empty() || text.front() != c) return false;
  text.remove_prefix(1);
  return true;
}

std::int64_t number_of(std::string_view digits) {
  std::int64_t value = 0;
  for (const char c : digits)
    value = std::min<std::int64_t>(value * 10 + (c - '0'), 1'000'000);  // hours: 114 years
  return value;
}

struct Reference {
  std::string_view name;
  std::string_view text;
};
// Those that WebVTT files have to write or commonly do (§4.2.2); others of HTML's 2 231 stay as they are.
constexpr std::array<Reference, 9> References{{{"amp;", "&"},
                                               {"lt;", "<"},
                                               {"gt;", ">"},
                                               {"quot;", "\""},
                                               {"apos;", "'"},
                                               {"nbsp;", "\u00A0"},
                                               {"lrm;", "\u200E"},
                                               {"rlm;", "\u200F"},
                                               {"shy;", "\u00AD"}}};

// "&#39;" or "&#x27;" behind its '&'; appends nothing when it is none.
bool take_numeric_reference(std::string_view& text, std::string& into) {
  std::string_view rest = text;
  if (!take(rest, '#')) return false;
  const bool hexadecimal = take(rest, 'x') || take(rest, 'X');
  char32_t code = 0;
  std::size_t count = 0;
  for (; count < rest.size(); ++count) {
    const char c = rest[count];
    const int digit = is_digit(c)                                             ? c - '0'
                      : hexadecimal && (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10
                                                                              : -1;
    if (digit < 0) break;
    code = std::min<char32_t>(code * (hexadecimal ? 16 : 10) + static_cast<char32_t>(digit), 0x110000);
  }
  rest.remove_prefix(count);
  if (count == 0 || !take(rest, ';')) return false;
  append_utf8(into, code == 0 ? 0xFFFD : code);
  text = rest;
  return true;
}

// `text` starts behind an '&'.
void take_reference(std::string_view& text, std::string& into) {
  for (const Reference& reference : References)
    if (text.starts_with(reference.name)) {
      into += reference.text;
      text.remove_prefix(reference.name.size());
      return;
    }
  if (!take_numeric_reference(text, into)) into += '&';
}

std::string without_references(std::string_view text) {
  std::string plain;
  while (!text.empty()) {
    const char c = text.front();
    text.remove_prefix(1);
    if (c == '&')
      take_reference(text, plain);
    else
      plain += c;
  }
  return plain;
}

// One run of white space counts as one blank (annotation rules, §6.4).
std::string collapsed(std::string_view text) {
  std::string line;
  for (const Word& word : words_of(text)) line += (line.empty() ? "" : " ") + word.text;
  return line;
}

// Gathers the voices of one cue.
class Gatherer {
 public:
  explicit Gatherer(TimeRange range) : range_(range) { start_voice(""); }

  void text(std::string_view text) { cues_.back().text += text; }
  void start_voice(std::string name) {
    finish_stretch();
    if (!cues_.empty() && trimmed(cues_.back().text).empty()) cues_.pop_back();
    Cue cue;
    cue.range = range_;
    cue.speaker = std::move(name);
    cues_.push_back(std::move(cue));
    stretch_text_ = 0;
  }
  // The text from here on is spoken from `at` on.
  void timestamp(MeetingTime at) {
    finish_stretch();
    stretch_start_ = at;
    timed_ = true;
  }
  std::vector<Cue> take() {
    finish_stretch();
    if (trimmed(cues_.back().text).empty()) cues_.pop_back();
    for (Cue& cue : cues_) {
      cue.text = std::string(trimmed(cue.text));
      if (timed_)
        interpolate(cue.words, range_);
      else
        cue.words.clear();
    }
    return std::move(cues_);
  }

 private:
  // The first word behind a timestamp starts there; the others follow by interpolation.
  void finish_stretch() {
    if (cues_.empty()) return;
    Cue& cue = cues_.back();
    std::vector<Word> words = words_of(std::string_view(cue.text).substr(stretch_text_));
    if (stretch_start_ && !words.empty()) words.front().range = TimeRange{*stretch_start_, *stretch_start_};
    std::move(words.begin(), words.end(), std::back_inserter(cue.words));
    stretch_text_ = cue.text.size();
    stretch_start_.reset();
  }

  TimeRange range_;
  std::vector<Cue> cues_;
  std::size_t stretch_text_ = 0;
  std::optional<MeetingTime> stretch_start_;
  bool timed_ = false;
};

// `tag` is what stands between < and >.
void apply_tag(std::string_view tag, Gatherer& gatherer) {
  if (!tag.empty() && is_digit(tag.front())) {
    const auto at = take_timestamp(tag);
    if (at && tag.empty()) gatherer.timestamp(*at);
    return;
  }
  if (tag == "rt") return gatherer.text(" (");
  if (tag == "/rt") return gatherer.text(")");
  if (tag == "/v") return gatherer.start_voice("");
  const std::size_t name_end = std::min(tag.find_first_of(". \t\n\f\r"), tag.size());
  if (tag.substr(0, name_end) != "v") return;
  // Classes first, then the annotation, which is the name.
  const std::size_t blank = tag.find_first_of(" \t\n\f\r");
  const std::string_view annotation =
      blank == std::string_view::npos ? std::string_view() : tag.substr(blank);
  gatherer.start_voice(collapsed(without_references(annotation)));
}

}  // namespace

// §6.3 "collect a WebVTT timestamp".
std::optional<MeetingTime> take_timestamp(std::string_view& text) {
  const std::string_view first = take_digits(text);
  if (first.empty()) return std::nullopt;
  std::int64_t hours = 0, minutes = number_of(first);
  const bool has_hours = first.size() != 2 || minutes > 59;
  if (!take(text, ':')) return std::nullopt;
  std::string_view second = take_digits(text);
  if (second.size() != 2) return std::nullopt;
  if (has_hours || (!text.empty() && text.front() == ':')) {
    if (!take(text, ':')) return std::nullopt;
    hours = minutes;
    minutes = number_of(second);
    second = take_digits(text);
    if (second.size() != 2) return std::nullopt;
  }
  if (!take(text, '.')) return std::nullopt;
  const std::string_view thousandths = take_digits(text);
  const std::int64_t seconds = number_of(second);
  if (thousandths.size() != 3 || minutes > 59 || seconds > 59) return std::nullopt;
  return MeetingTime(
      std::chrono::milliseconds((hours * 3600 + minutes * 60 + seconds) * 1000 + number_of(thousandths)));
}

std::vector<Cue> parse_cue_text(std::string_view text, TimeRange range) {
  Gatherer gatherer(range);
  while (!text.empty()) {
    if (text.front() == '<') {
      const std::size_t end = std::min(text.find('>'), text.size());
      apply_tag(text.substr(1, end - 1), gatherer);
      text.remove_prefix(std::min(end + 1, text.size()));
      continue;
    }
    const std::size_t end = std::min(text.find('<'), text.size());
    gatherer.text(without_references(text.substr(0, end)));
    text.remove_prefix(end);
  }
  return gatherer.take();
}

std::string escaped_cue_text(std::string_view text) {
  std::string escaped;
  for (const char c : text) {
    if (c == '&')
      escaped += "&amp;";
    else if (c == '<')
      escaped += "&lt;";
    else if (c == '>')
      escaped += "&gt;";
    else
      escaped += c == '\r' || c == '\0' ? ' ' : c;
  }
  return escaped;
}

}  // namespace greffe::caption
