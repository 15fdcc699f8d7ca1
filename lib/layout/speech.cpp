#include "layout/speech.h"

#include <algorithm>
#include <map>

namespace greffe::layout {
namespace {

using std::chrono::milliseconds;

constexpr std::uint8_t QuietestSpeech = 55;  // -dBov: what is quieter is never speech
constexpr int AboveQuiet = 8;                // dB over the participant's own quiet level
constexpr Duration BridgedPause = milliseconds(600);
constexpr Duration ShortestSpeech = milliseconds(300);

// The level that a tenth of the time is quieter than: the noise of the room, not the words.
int quiet_level(std::vector<std::uint8_t> levels) {
  const auto nth = levels.begin() + static_cast<std::ptrdiff_t>(levels.size() * 9 / 10);
  std::nth_element(levels.begin(), nth, levels.end());
  return *nth;
}

// Spans of loud steps of one track, single steps and pauses as they come.
std::vector<TimeRange> loud_spans(const SpeechLevels& track) {
  std::vector<TimeRange> spans;
  if (track.levels.empty()) return spans;
  const int threshold = std::min<int>(QuietestSpeech, quiet_level(track.levels) - AboveQuiet);
  for (std::size_t i = 0; i < track.levels.size(); ++i) {
    if (track.levels[i] > threshold) continue;
    const MeetingTime start = track.start + timeline::AudioLevelStep * static_cast<std::int64_t>(i);
    spans.push_back({start, start + timeline::AudioLevelStep});
  }
  return spans;
}

// `spans` sorted, those nearer than `pause` joined.
std::vector<TimeRange> bridged(std::vector<TimeRange> spans, Duration pause) {
  std::sort(spans.begin(), spans.end(),
            [](const TimeRange& a, const TimeRange& b) { return a.start < b.start; });
  std::vector<TimeRange> joined;
  for (const TimeRange& span : spans) {
    if (!joined.empty() && span.start - joined.back().end <= pause)
      joined.back().end = std::max(joined.back().end, span.end);
    else
      joined.push_back(span);
  }
  return joined;
}

// Speech of one participant from the loud spans of all their tracks. What is too short by itself (a click, a
// beep) neither counts nor bridges.
std::vector<TimeRange> speech_of(std::vector<TimeRange> loud) {
  std::vector<TimeRange> bursts = bridged(std::move(loud), Duration::zero());
  std::erase_if(bursts, [](const TimeRange& burst) { return burst.duration() < milliseconds(200); });
  std::vector<TimeRange> speech = bridged(std::move(bursts), BridgedPause);
  std::erase_if(speech, [](const TimeRange& span) { return span.duration() < ShortestSpeech; });
  return speech;
}

// Where the main place goes to `next`, or the end of `next` when it does not.
MeetingTime move_time(const SpeakerTurn& current, MeetingTime current_speech_end, const Utterance& next) {
  const MeetingTime free = std::max(current.range.start + MinimumTurn, current_speech_end);
  return std::min(std::max(free, next.range.start), next.range.end);
}

}  // namespace

std::vector<SpeechLevels> levels_of(const timeline::Meeting& meeting) {
  std::vector<SpeechLevels> levels;
  for (const timeline::TrackSidecar& track : meeting.tracks)
    if (!track.audio_levels.empty())
      levels.push_back({track.participant, track.range.start, track.audio_levels});
  return levels;
}

std::vector<Utterance> utterances_of(const std::vector<SpeechLevels>& levels) {
  std::map<std::string, std::vector<TimeRange>> loud;
  for (const SpeechLevels& track : levels) {
    const std::vector<TimeRange> spans = loud_spans(track);
    auto& of_participant = loud[track.participant];
    of_participant.insert(of_participant.end(), spans.begin(), spans.end());
  }
  std::vector<Utterance> utterances;
  for (auto& [participant, spans] : loud)
    for (const TimeRange& span : speech_of(std::move(spans))) utterances.push_back({participant, span});
  std::stable_sort(utterances.begin(), utterances.end(),
                   [](const Utterance& a, const Utterance& b) { return a.range.start < b.range.start; });
  return utterances;
}

std::vector<SpeakerTurn> turns_of(const std::vector<Utterance>& utterances) {
  std::vector<SpeakerTurn> turns;
  MeetingTime speech_end{};  // of who leads
  for (const Utterance& next : utterances) {
    if (next.range.duration() < ShortUtterance) continue;
    if (!turns.empty() && turns.back().participant == next.participant) {
      speech_end = std::max(speech_end, next.range.end);
    } else {
      const MeetingTime at = turns.empty() ? next.range.start : move_time(turns.back(), speech_end, next);
      // Not for the tail of somebody who spoke meanwhile.
      if (next.range.end - at < ShortUtterance / 2) continue;
      if (!turns.empty()) turns.back().range.end = at;
      turns.push_back({next.participant, {at, next.range.end}});
      speech_end = next.range.end;
    }
    turns.back().range.end = speech_end;
  }
  return turns;
}

}  // namespace greffe::layout
