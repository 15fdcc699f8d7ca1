// The line of times of a cue of SubRip: "00:00:01,000 --> 00:00:02,500 X1:10".
#pragma once

#include <optional>
#include <string_view>

#include "units/time.h"

namespace greffe::caption {

struct SubRipTimes {
  TimeRange range;
  bool as_usual = true;     // written as programs do
  std::string_view beside;  // text that stands on their line
};

// Whether a line is meant as times, be they valid or not: "-->" behind a number with a colon, or two times,
// as exact as nobody speaks of them, with another arrow, a dash or a blank between.
bool is_meant_as_times(std::string_view line);

// nullopt for a line that is not meant as times or not valid. Places on the screen are left out.
std::optional<SubRipTimes> subrip_times_of(std::string_view line);

}  // namespace greffe::caption
