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

Duration speech_within(const SpeechOf& speech, const std::string& participant, const TimeRange& window) {
  Duration sum{};
  const auto found = speech.find(participant);
  if (found == speech.end()) return sum;
  const auto& spans = found->second;
  auto span = std::lower_bound(spans.begin(), spans.end(), window.start,
                               [](const TimeRange& range, MeetingTime time) { return range.end <= time; });
  for (; span != spans.end() && span->start < window.end; ++span)
    sum += std::min(span->end, window.end) - std::max(span->start, window.start);
  return sum;
}

// Decides about one long utterance after the other.
class Turns {
 public:
  Turns(const SpeechOf& speech, const TurnRules& rules) : speech_(speech), rules_(rules) {}

  void add(const Utterance& next) {
    if (next.range.duration() < rules_.min_stay) return;
    if (!turns_.empty() && turns_.back().participant == next.participant) {
      turns_.back().range.end = std::max(turns_.back().range.end, next.range.end);
      return;
    }
    const MeetingTime at = time_for(next);
    // Not for the tail of somebody who spoke meanwhile.
    if (next.range.end <= at || next.range.end - at < rules_.min_stay / 2 || goes_back(at, next)) return;
    if (!turns_.empty()) turns_.back().range.end = at;
    turns_.push_back({next.participant, {at, next.range.end}, next.range.duration()});
  }
  std::vector<SpeakerTurn> all() { return std::move(turns_); }

 private:
  // Where the main place goes to `next`, or the end of `next` when it does not. The end of the last turn is
  // that of its speaker's speech.
  MeetingTime time_for(const Utterance& next) const {
    MeetingTime at = next.range.start;
    if (!turns_.empty()) {
      const TimeRange& current = turns_.back().range;
      at = std::min(std::max({at, current.start + rules_.min_stay, current.end}), next.range.end);
    }
    return std::chrono::floor<milliseconds>(at);
  }
  // The one who leads has more to say.
  bool goes_back(MeetingTime at, const Utterance& next) const {
    if (turns_.empty()) return false;
    const TimeRange window{at, at + rules_.look_ahead};
    return speech_within(speech_, turns_.back().participant, window) >
           speech_within(speech_, next.participant, window);
  }

  const SpeechOf& speech_;
  const TurnRules& rules_;
  std::vector<SpeakerTurn> turns_;
};

}  // namespace

bool may_speak(const timeline::TrackSidecar& track) {
  return media::facts_of(track.codec).kind == media::Kind::Audio && track.role != "screen-audio";
}

std::vector<SpeechLevels> levels_of(const timeline::Meeting& meeting) {
  std::vector<SpeechLevels> levels;
  for (const timeline::TrackSidecar& track : meeting.tracks)
    if (may_speak(track) && !track.audio_levels.empty())
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

SpeechOf speech_of_each(const std::vector<Utterance>& utterances) {
  SpeechOf speech;
  for (const Utterance& utterance : utterances) speech[utterance.participant].push_back(utterance.range);
  return speech;
}

std::vector<SpeakerTurn> turns_of(const std::vector<Utterance>& utterances, const TurnRules& rules) {
  const SpeechOf speech = speech_of_each(utterances);
  Turns turns(speech, rules);
  for (const Utterance& next : utterances) turns.add(next);
  return turns.all();
}

}  // namespace greffe::layout
