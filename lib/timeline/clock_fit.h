// From what was observed to a clock map (DESIGN 5). Pure.
#pragma once

#include <optional>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "timeline/clock_map.h"
#include "timeline/clock_observer.h"
#include "timeline/clock_slope.h"
#include "timeline/sender_stamps.h"

namespace greffe::timeline {

// What moves arrival-only audio: a packet leaves when it is full, and the codec looked ahead before that.
struct AudioDelay {
  Duration packet{};      // duration of the packets that wait least
  Duration look_ahead{};  // Opus 6.5 ms (RFC 6716 §2), G.711 and G.722 none that matters
};

// One track's own line from RTP time to arrival, per segment: the lower envelope, with the sender's drift
// where the track is long enough to show it beyond its jitter. Meeting time 0 is at `zero`.
ClockMap fit_arrival(const ClockObservation& observation, ArrivalTime zero, const AudioDelay& delay);

// Without arrival times: RTP time at its nominal rate, witness "none". The track begins where its dump says
// that it was begun, each later segment where the one before ends; one of a recording that says it was begun
// later than that, there.
ClockMap fit_rtp_time(const ClockObservation& observation, ArrivalTime zero);

// The drift fit_arrival() goes by: of send times where the observation has them and they keep with arrival
// within 20 ms over the track, else of arrival. `step` is where arrival leaves its line for good, by less
// than what breaks a segment; no media is moved for it.
struct ArrivalDrift {
  double slope = 0;  // extra nanoseconds of arrival per nanosecond of media
  bool by_send_times = false;
  std::optional<ClockStep> step;  // of the longest segment, from its first envelope point
};
ArrivalDrift arrival_drift(const ClockObservation& observation);

// Which reports can be believed (R9): NTP time 0 says nothing; the media a report speaks of must arrive
// within 1 s of the report; and the sender's clock must keep within 1 s of its usual distance to the
// recorder's.
struct ReportVerdicts {
  ClockMap by_arrival;  // what they were held against: from 1970 on the recorder's clock
  std::vector<SeenReport> used;
  std::size_t without_time = 0;
  std::size_t apart_from_arrival = 0;
  std::size_t clock_leaps = 0;
  std::optional<ArrivalTime> first_refused;
  std::size_t refused() const { return without_time + apart_from_arrival + clock_leaps; }
};
ReportVerdicts judge_reports(const ClockObservation& observation, const std::vector<SeenReport>& reports);

// RTP time to the sender's clock, from its reports or capture times, as far as they can be believed.
struct SenderClock {
  // Like the observation's; `anchor` counts from 1970 on the sender's clock. A segment without a report lies
  // where arrival puts it.
  std::vector<ClockSegment> segments;
  std::size_t used = 0;
  std::size_t refused = 0;
  double slope = 0;        // extra nanoseconds of the sender's clock per nanosecond of media
  double distance_ns = 0;  // the sender's clock less the recorder's, network and all
  double residual_ms = 0;
};
// nullopt: no usable report.
std::optional<SenderClock> fit_reports(const ClockObservation& observation, const ReportVerdicts& verdicts);
std::optional<SenderClock> fit_reports(const ClockObservation& observation,
                                       const std::vector<SeenReport>& reports);

// Names of witnesses, as ClockMap has them.
constexpr std::string_view SenderReports = "sender-reports";
constexpr std::string_view CaptureTimes = "abs-capture-time";

// Puts several tracks of one sender, whose reports share one clock, on the meeting's: the sender's clock is
// shifted so that no packet arrives before its media time. Tracks whose sender clocks lie more than 200 ms
// apart against arrival do not share a clock, whoever says so: nullopt. A packet's own length does not count.
struct ReportedTrack {
  const ClockObservation* observation;
  SenderClock clock;
  AudioDelay delay;  // a packet leaves at least this much after its media time
};
std::optional<std::vector<ClockMap>> fit_shared(const std::vector<ReportedTrack>& tracks, ArrivalTime zero,
                                                std::string_view witness = SenderReports);

}  // namespace greffe::timeline
