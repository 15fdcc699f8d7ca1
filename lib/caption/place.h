// Cues put where they belong: moved, named, clipped to the meeting.
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "base/damage_log.h"
#include "caption/cue.h"

namespace greffe::caption {

// A ratio of whole numbers, above 0: 25025/24000 is told as it was measured.
struct Ratio {
  std::int64_t numerator = 1;
  std::int64_t denominator = 1;
};
// "1.001", "25025/24000".
Result<Ratio> parse_ratio(std::string_view text);

// Times × `stretch` + `offset`, words too.
void retime(std::vector<Cue>& cues, Duration offset, Ratio stretch = {});

// Whom a transcript's speaker may mean.
struct Person {
  std::string id;
  std::string name;
};
// The person whose id it is, else the one whose name it is, both also without a " (SPEAKER_00)" behind them
// as Visio writes it. nullptr when nobody fits, or several have the name.
const Person* find_person(std::span<const Person> people, std::string_view speaker);
// Speakers that are known become their names; the others stay.
void name_speakers(std::vector<Cue>& cues, std::span<const Person> people);

// Cues in order of start (stable), clipped to [0, end). What ends before it starts or lies outside is dropped
// and counted, what was clipped is counted (R84).
std::vector<Cue> clipped(std::vector<Cue> cues, MeetingTime end, const std::string& place, DamageLog& damage);

}  // namespace greffe::caption
