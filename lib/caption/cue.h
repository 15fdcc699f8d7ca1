// One timed caption, and what is said of a file of them.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "units/time.h"

namespace greffe::caption {

// A word with its own time, where the transcript has one.
struct Word {
  std::string text;
  std::optional<TimeRange> range;
};

struct Cue {
  TimeRange range;
  std::string speaker;      // name or id as written; empty when nobody is named
  std::string text;         // plain UTF-8, lines parted by '\n'; no markup
  std::vector<Word> words;  // may be empty
};

}  // namespace greffe::caption
