#include "caption/cue_text.h"

#include <algorithm>

#include "base/text.h"
#include "caption/limits.h"

namespace greffe::caption {
namespace {

bool is_inside(const Word& word, MeetingTime from, const TimeRange& range) {
  return word.range && word.range->start >= from && word.range->end >= word.range->start &&
         word.range->end <= range.end;
}

// Parts [from, to) between the words [first, last) by the length of each.
void spread(std::vector<Word>& words, std::size_t first, std::size_t last, MeetingTime from, MeetingTime to) {
  std::size_t total = 0, before = 0;
  for (std::size_t i = first; i < last; ++i) total += words[i].text.size() + 1;
  const auto at = [&](std::size_t bytes) {
    return from + Duration((to - from).count() / static_cast<std::int64_t>(total) *
                           static_cast<std::int64_t>(bytes));
  };
  for (std::size_t i = first; i < last; ++i) {
    const std::size_t after = before + words[i].text.size() + 1;
    words[i].range = TimeRange{at(before), after == total ? to : at(after)};
    before = after;
  }
}

}  // namespace

std::size_t length_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::string_view beginning_of(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  while (bytes > 0 && (static_cast<unsigned char>(text[bytes]) & 0xC0) == 0x80) --bytes;
  return text.substr(0, bytes);
}

Result<std::string> text_of(std::string_view bytes, const std::string& place, DamageLog& damage) {
  constexpr std::string_view Bom = "\xEF\xBB\xBF";
  if (bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF"))
    return fail(ErrorKind::Damaged, "UTF-16 text: save it as UTF-8");
  if (!is_valid_utf8(bytes))
    damage.add(
        {.condition = "bad-utf8", .place = place, .text = "bytes that are no UTF-8 were replaced by U+FFFD"});
  if (bytes.starts_with(Bom)) bytes.remove_prefix(Bom.size());
  return valid_utf8(bytes);
}

std::string with_plain_line_ends(std::string_view text) {
  std::string lines;
  lines.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\0')
      lines += "\uFFFD";
    else if (text[i] != '\r')
      lines += text[i];
    else if (i + 1 == text.size() || text[i + 1] != '\n')
      lines += '\n';
  }
  return lines;
}

void take_bracketed_speaker(Cue& cue) {
  constexpr std::size_t LongestName = 120;  // bytes
  const std::size_t end = cue.text.find("]: ");
  if (!cue.speaker.empty() || !cue.text.starts_with('[') || end == std::string::npos || end > LongestName)
    return;
  const std::string_view name = trimmed(std::string_view(cue.text).substr(1, end - 1));
  if (name.empty() || name.find_first_of("[]\n") != std::string_view::npos) return;
  // Words of that length are the name's, too.
  const std::size_t words = words_of(std::string_view(cue.text).substr(0, end + 2)).size();
  cue.words.erase(cue.words.begin(),
                  cue.words.begin() + static_cast<std::ptrdiff_t>(std::min(words, cue.words.size())));
  cue.speaker = name;
  cue.text = trimmed(std::string_view(cue.text).substr(end + 3));
}

std::vector<std::string_view> fields_of(std::string_view text) {
  constexpr std::string_view Blank = " \t\n\r\f\v";
  std::vector<std::string_view> fields;
  for (std::size_t at = text.find_first_not_of(Blank); at != std::string_view::npos;
       at = text.find_first_not_of(Blank, at)) {
    const std::size_t end = std::min(text.find_first_of(Blank, at), text.size());
    fields.push_back(text.substr(at, end - at));
    at = end;
  }
  return fields;
}

std::vector<std::string_view> lines_in(std::string_view text) {
  std::vector<std::string_view> lines;
  for (std::size_t at = 0; at < text.size();) {
    const std::size_t end = std::min(text.find('\n', at), text.size());
    lines.push_back(text.substr(at, end - at));
    at = end + 1;
  }
  return lines;
}

std::vector<Word> words_of(std::string_view text) {
  std::vector<Word> words;
  for (const std::string_view field : fields_of(text)) words.push_back({std::string(field), {}});
  return words;
}

void interpolate(std::vector<Word>& words, TimeRange range) {
  MeetingTime from = range.start;
  std::size_t first = 0;  // of the words without a time
  for (std::size_t i = 0; i < words.size(); ++i) {
    if (!is_inside(words[i], from, range)) continue;
    if (first < i) spread(words, first, i, from, words[i].range->start);
    from = words[i].range->end;
    first = i + 1;
  }
  if (first < words.size()) spread(words, first, words.size(), from, range.end);
}

bool CueList::add(Cue cue) {
  if (trimmed(cue.text).empty()) return true;
  const auto position = whole_ms(cue.range.start);
  if (cues_.size() == MostCues) {
    damage_.add({.condition = "too-many-cues",
                 .place = place_,
                 .unit = "cues",
                 .position = position,
                 .text = fmt::format("more than {} cues; the rest is left out", MostCues)});
    return false;
  }
  if (cue.text.size() > MostCueBytes || cue.speaker.size() > MostCueBytes) {
    damage_.add({.condition = "long-cue",
                 .place = place_,
                 .unit = "bytes",
                 .position = position,
                 .amount = cue.text.size() + cue.speaker.size(),
                 .text = fmt::format("cue at {} is longer than {} bytes and was cut",
                                     clock_text(cue.range.start), MostCueBytes)});
    cue.text = beginning_of(cue.text, MostCueBytes);
    cue.speaker = beginning_of(cue.speaker, MostCueBytes);
    cue.words.clear();
  }
  cues_.push_back(std::move(cue));
  return true;
}

}  // namespace greffe::caption
