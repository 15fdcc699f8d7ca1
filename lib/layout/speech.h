// Who speaks, and who leads: from audio levels to highlights and speaker turns.
//
// Everything looks ahead: the whole meeting is known before the first decision.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "timeline/meeting.h"
#include "units/time.h"

namespace greffe::layout {

// Levels as RFC 6464 has them: 0 loudest … 127 silence, in -dBov; the loudest of each 100 ms from `start` on.
struct SpeechLevels {
  std::string participant;  // id; may stand twice, for two tracks
  MeetingTime start{};
  std::vector<std::uint8_t> levels;
};

// One participant speaks, pauses between words included.
struct Utterance {
  std::string participant;
  TimeRange range;
  bool operator==(const Utterance&) const = default;
};

// Span in which one participant leads.
struct SpeakerTurn {
  std::string participant;
  TimeRange range;
  Duration said{};  // the utterance that it begins with
  bool operator==(const SpeakerTurn&) const = default;
};

// When the main place moves.
struct TurnRules {
  // It stays that long, and no shorter utterance moves it: that is highlighted where the speaker is. Whole
  // milliseconds.
  Duration min_stay = std::chrono::seconds(2);
  // Nor does an utterance move it when the one who leads says more than the other within this time from its
  // start.
  Duration look_ahead = std::chrono::seconds(5);
};

// Sound in which somebody may speak: a film that is played with a shared screen is nobody who speaks.
bool may_speak(const timeline::TrackSidecar& track);

// The levels that the sidecars of such tracks hold; tracks without are left out.
std::vector<SpeechLevels> levels_of(const timeline::Meeting& meeting);

// In order of start. A participant speaks where the sound is loud enough and stands out from their own quiet
// moments, for at least 300 ms; pauses up to 600 ms are bridged.
std::vector<Utterance> utterances_of(const std::vector<SpeechLevels>& levels);

// Turns back to back from the first to the last; a turn begins when a long utterance does, if the turn before
// has stayed long enough and its speaker is done. Utterances as utterances_of() gives them. Turns begin at
// whole milliseconds.
std::vector<SpeakerTurn> turns_of(const std::vector<Utterance>& utterances, const TurnRules& rules = {});

// The same utterances for each participant, in order of time.
using SpeechOf = std::map<std::string, std::vector<TimeRange>, std::less<>>;
SpeechOf speech_of_each(const std::vector<Utterance>& utterances);

}  // namespace greffe::layout
