// Long segments → captions one can read: two short lines, a few seconds each.
#pragma once

#include <vector>

#include "caption/cue.h"

namespace greffe::caption {

struct SplitRules {
  std::size_t line_length = 42;  // characters (formats/transcripts 3.1)
  std::size_t lines = 2;
  Duration longest = std::chrono::seconds(7);
  Duration shortest = std::chrono::seconds(1);
  MeetingTime end = MeetingTime::max();  // beyond which no cue stays on
};

// Each cue in as many as it takes, cut at its words' times (interpolated where it has none), after the end of
// a sentence or a clause if there is one in the second half. Cues that fit stay one and only get their line
// break. A cue shorter than `shortest` stays on for longer where nothing comes after it. Words are not kept.
std::vector<Cue> split(std::vector<Cue> cues, const SplitRules& rules = {});

}  // namespace greffe::caption
