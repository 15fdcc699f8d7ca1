// The transcripts of a meeting → the cues it keeps.
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "caption/cue.h"
#include "timeline/meeting.h"

namespace greffe::intake {

struct TranscriptSource {
  Path path;
  std::string place;     // how damage names it
  Duration offset{};     // added to its times
  std::string language;  // BCP 47; empty: as the file says
};

struct MeetingCues {
  std::vector<caption::Cue> cues;   // named, cut, clipped to the meeting, in order
  std::optional<std::size_t> from;  // the transcript they come from; nullopt when none can be read
  std::string language;
  MeetingTime end{};  // of the meeting; one without tracks is as long as its words
};

// Cues come from the first transcript whose words have times, else from the first with cues. A speaker
// matches a participant's id first, then a name. A transcript that cannot be read is damage and never fails a
// meeting (R81).
MeetingCues read_meeting_cues(std::span<const TranscriptSource> transcripts, const timeline::Meeting& meeting,
                              DamageLog& damage);

}  // namespace greffe::intake
