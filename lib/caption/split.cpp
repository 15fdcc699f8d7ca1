#include "caption/split.h"

#include <algorithm>
#include <string_view>

#include "caption/cue_text.h"

namespace greffe::caption {
namespace {

using WordSpan = std::vector<Word>::const_iterator;

// How good a place to break is behind this word: 3 a sentence ends, 2 a clause, 1 nothing speaks for it.
int break_weight(std::string_view word) {
  const auto ends_in = [&](std::initializer_list<std::string_view> marks) {
    return std::any_of(marks.begin(), marks.end(),
                       [&](std::string_view mark) { return word.ends_with(mark); });
  };
  if (ends_in({".", "!", "?", "…", "。", "！", "？", "؟", ".\"", "?\"", "!\"", ".»"})) return 3;
  return ends_in({",", ";", ":", "–", "—", "،", "、"}) ? 2 : 1;
}

std::string joined(WordSpan first, WordSpan last) {
  std::string text;
  for (; first != last; ++first) text += (text.empty() ? "" : " ") + first->text;
  return text;
}

// Lines that the words take when each is filled.
std::size_t lines_taken(WordSpan first, WordSpan last, std::size_t line_length) {
  std::size_t lines = 1, used = 0;
  for (; first != last; ++first) {
    const std::size_t length = length_of(first->text);
    if (used > 0 && used + 1 + length > line_length) ++lines, used = 0;
    used += (used > 0 ? 1 : 0) + length;
  }
  return lines;
}

// Two lines as even as they can be, rather after punctuation.
std::string with_line_break(WordSpan first, WordSpan last, const SplitRules& rules) {
  const std::string whole = joined(first, last);
  if (length_of(whole) <= rules.line_length || rules.lines < 2) return whole;
  std::string best = whole;
  std::size_t least = static_cast<std::size_t>(-1);
  for (WordSpan middle = first + 1; middle < last; ++middle) {
    std::string top = joined(first, middle), bottom = joined(middle, last);
    const std::size_t longest = std::max(length_of(top), length_of(bottom));
    const std::size_t over = longest > rules.line_length ? 1000 * (longest - rules.line_length) : 0;
    const std::size_t cost =
        over + longest - 4 * static_cast<std::size_t>(break_weight((middle - 1)->text) - 1);
    if (cost < least) least = cost, best = std::move(top) + '\n' + bottom;
  }
  return best;
}

// Behind the last word of the next caption.
WordSpan end_of_next(WordSpan first, WordSpan last, const SplitRules& rules) {
  WordSpan most = first + 1;
  while (most != last && lines_taken(first, most + 1, rules.line_length) <= rules.lines &&
         most->range->end - first->range->start <= rules.longest)
    ++most;
  if (most == last) return last;
  WordSpan best = most;
  int best_weight = 1;
  for (WordSpan end = most; end - first > (most - first) / 2; --end)
    if (const int weight = break_weight((end - 1)->text); weight > best_weight)
      best_weight = weight, best = end;
  return best;
}

// A word longer than a line (also a text of a language without blanks) in pieces of a line.
std::vector<Word> cut_long_words(std::vector<Word> words, std::size_t line_length) {
  std::vector<Word> pieces;
  for (Word& word : words) {
    std::string_view rest = word.text;
    while (length_of(rest) > line_length) {
      std::size_t bytes = 0;
      for (std::size_t count = 0; count < line_length; ++count)
        for (++bytes; bytes < rest.size() && (static_cast<unsigned char>(rest[bytes]) & 0xC0) == 0x80;)
          ++bytes;
      pieces.push_back({std::string(rest.substr(0, bytes)), {}});
      rest.remove_prefix(bytes);
    }
    if (rest.size() == word.text.size())
      pieces.push_back(std::move(word));
    else if (!rest.empty())
      pieces.push_back({std::string(rest), {}});
  }
  return pieces;
}

bool fits(const Cue& cue, const SplitRules& rules) {
  std::size_t lines = 0;
  std::string_view rest = cue.text;
  while (true) {
    const std::size_t end = rest.find('\n');
    if (++lines > rules.lines || length_of(rest.substr(0, end)) > rules.line_length) return false;
    if (end == std::string_view::npos) break;
    rest.remove_prefix(end + 1);
  }
  return cue.range.duration() <= rules.longest;
}

void split_one(Cue cue, const SplitRules& rules, std::vector<Cue>& into) {
  if (cue.range.empty() || fits(cue, rules)) {
    cue.words.clear();
    into.push_back(std::move(cue));
    return;
  }
  std::vector<Word> words =
      cut_long_words(cue.words.empty() ? words_of(cue.text) : std::move(cue.words), rules.line_length);
  interpolate(words, cue.range);
  const WordSpan last = words.cend();
  for (WordSpan first = words.cbegin(); first != last;) {
    const WordSpan end = end_of_next(first, last, rules);
    Cue part;
    part.speaker = cue.speaker;
    part.range = {first == words.cbegin() ? cue.range.start : first->range->start,
                  end == last ? cue.range.end : end->range->start};
    // A pause behind the last word is not waited out.
    part.range.end = std::min(part.range.end, (end - 1)->range->end + rules.shortest);
    part.text = with_line_break(first, end, rules);
    into.push_back(std::move(part));
    first = end;
  }
}

// Flashes of text stay on until the next cue, up to `shortest`.
void stretch_short(std::vector<Cue>& cues, Duration shortest, MeetingTime last) {
  std::vector<MeetingTime> starts;
  for (const Cue& cue : cues) starts.push_back(cue.range.start);
  std::sort(starts.begin(), starts.end());
  for (Cue& cue : cues) {
    if (cue.range.empty() || cue.range.duration() >= shortest) continue;
    MeetingTime end = std::min(cue.range.start + shortest, last);
    const auto next = std::upper_bound(starts.begin(), starts.end(), cue.range.start);
    if (next != starts.end()) end = std::min(end, *next);
    cue.range.end = std::max(cue.range.end, end);
  }
}

}  // namespace

std::vector<Cue> split(std::vector<Cue> cues, const SplitRules& rules) {
  std::vector<Cue> made;
  made.reserve(cues.size());
  for (Cue& cue : cues) split_one(std::move(cue), rules, made);
  stretch_short(made, rules.shortest, rules.end);
  return made;
}

}  // namespace greffe::caption
