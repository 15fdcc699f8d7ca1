// RTTM (NIST, Rich Transcription 2009, appendix A): who spoke when, as programs for diarization write it.
#pragma once

#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "base/result.h"
#include "caption/cue.h"

namespace greffe::caption {

// When one speaker speaks.
class Speech {
 public:
  // In order of start; ranges may overlap.
  explicit Speech(std::span<const TimeRange> spoken);
  // How long within `range`.
  Duration spoken_in(const TimeRange& range) const;

 private:
  Duration spoken_before(MeetingTime time) const;

  std::vector<TimeRange> ranges_;  // disjoint
  std::vector<Duration> before_;   // spoken before each of them
};
using Speeches = std::map<std::string, Speech>;  // by the name of the speaker; at most 200

// The SPEAKER lines of the first recording that the file names. Lines of other kinds are passed over; bad
// ones and those of other recordings are left out and told in `damage` under `place` (R91), as are bytes that
// are no UTF-8. Fails (Damaged) where no line is left, and for UTF-16.
Result<Speeches> read_rttm(std::string_view bytes, const std::string& place, DamageLog& damage);

// Cues without a speaker get the one who speaks longest while they last; none where nobody does.
void name_by_speeches(std::vector<Cue>& cues, const Speeches& speeches);

}  // namespace greffe::caption
