// The text of cues: cut, trimmed, its words timed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "base/result.h"
#include "caption/cue.h"

namespace greffe::caption {

// Code points of UTF-8 text.
std::size_t length_of(std::string_view text);
// The longest beginning of at most `bytes` bytes that ends between code points.
std::string_view beginning_of(std::string_view text, std::size_t bytes);

// What a file of text says, as valid UTF-8 without a byte order mark: bytes that are none are told in
// `damage` (R80, R85). Fails (Damaged) for UTF-16.
Result<std::string> text_of(std::string_view bytes, const std::string& place, DamageLog& damage);

// Its parts between white space.
std::vector<std::string_view> fields_of(std::string_view text);
// The lines of a text with plain line ends; none behind the last end.
std::vector<std::string_view> lines_in(std::string_view text);
// NUL is U+FFFD, every line end is one newline.
std::string with_plain_line_ends(std::string_view text);
// "[SPEAKER_00]: hello", as WhisperX writes files without voices: the speaker of a cue that has none.
void take_bracketed_speaker(Cue& cue);

// The words of `text`, parted by white space, without times.
std::vector<Word> words_of(std::string_view text);
// Gives every word a time inside `range`: those without lie between their neighbours, by their length (R89).
// Times that run backwards or leave the range count as missing.
void interpolate(std::vector<Word>& words, TimeRange range);

// Adds cues to a list up to the limits of caption/limits.h; what is cut is damage (R86).
class CueList {
 public:
  CueList(std::string place, DamageLog& damage) : place_(std::move(place)), damage_(damage) {}
  // False once the list is full. Cues without text are dropped without a word.
  bool add(Cue cue);
  std::vector<Cue> take() { return std::move(cues_); }

 private:
  std::string place_;
  DamageLog& damage_;
  std::vector<Cue> cues_;
};

}  // namespace greffe::caption
