// From what was observed to a clock map (DESIGN 5). Pure.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "timeline/clock_map.h"
#include "timeline/clock_observer.h"

namespace greffe::timeline {

// What moves arrival-only audio: a packet leaves when it is full, and the codec looked ahead before that.
struct AudioDelay {
  Duration packet{};      // usual duration of a packet
  Duration look_ahead{};  // Opus 6.5 ms (RFC 6716 §2), G.711 and G.722 none that matters
};

// A sender report as the recorder saw it (RFC 3550 §6.4.1), its RTP time unwrapped onto the track's ticks.
struct SeenReport {
  std::int64_t tick = 0;
  WallTime sender{};  // the NTP time: the sender's own clock, right or wrong
  ArrivalTime arrival{};
};

// One track's own line from RTP time to arrival, per segment: the lower envelope, with the sender's drift
// where the track is long enough to show it beyond its jitter. Meeting time 0 is at `zero`.
ClockMap fit_arrival(const ClockObservation& observation, ArrivalTime zero, const AudioDelay& delay);

// RTP time to the sender's clock, from its reports. Reports that contradict the packets' arrival by more than
// 1 s (R9), or have NTP time 0, are left out and counted.
struct SenderClock {
  std::vector<ClockSegment>
      segments;  // like the observation's; `anchor` counts from 1970 on the sender's clock
  std::size_t used = 0;
  std::size_t refused = 0;
  double residual_ms = 0;
};
// nullopt: too few usable reports (2 are needed, 1 where the track has no more).
std::optional<SenderClock> fit_reports(const ClockObservation& observation,
                                       const std::vector<SeenReport>& reports);

// Puts several tracks of one sender, whose reports share one clock, on the meeting's: the sender's clock is
// shifted so that no packet arrives before its media time. Tracks whose sender clocks lie more than 1 s apart
// against arrival do not share a clock: nullopt.
struct ReportedTrack {
  const ClockObservation* observation;
  SenderClock clock;
  AudioDelay delay;  // a packet leaves at least this much after its media time
};
std::optional<std::vector<ClockMap>> fit_shared(const std::vector<ReportedTrack>& tracks, ArrivalTime zero);

}  // namespace greffe::timeline
