// What senders stamp on packets about their own clocks: abs-capture-time and abs-send-time, two header
// extensions of webrtc.org. Memory does not grow with the track.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "timeline/clock_observer.h"

namespace greffe::timeline {

// A pair of the sender's clock and RTP time as the recorder saw it: a sender report (RFC 3550 §6.4.1), or an
// abs-capture-time. RTP time is unwrapped onto the track's ticks.
struct SeenReport {
  std::int64_t tick = 0;
  WallTime sender{};  // the NTP time: the sender's own clock, right or wrong
  ArrivalTime arrival{};
};

// The segment of the observation that a report speaks of: the one whose packets lie nearest by RTP time and
// arrival together. RTP times alone do not tell: those of a new SSRC start anywhere. `seen` has segments.
std::size_t segment_of(const ClockObservation& seen, const SeenReport& report);

// Keeps every nth of what it is given, n doubling whenever the room is full.
class ReportThinner {
 public:
  static constexpr std::size_t MostReports = 1024;
  void add(const SeenReport& report);
  const std::vector<SeenReport>& reports() const { return reports_; }

 private:
  std::vector<SeenReport> reports_;
  std::uint64_t seen_ = 0;
  std::uint64_t stride_ = 1;
};

struct SenderStamps {
  std::uint64_t capture_times = 0;  // packets with a readable abs-capture-time; NTP 0 is none
  std::uint64_t send_times = 0;     // packets with a readable abs-send-time
  // Of the capturer's clock; of the sender's, where it says how far the two are apart.
  std::vector<SeenReport> captures;
  // The longest span in which send time and RTP time keep together: what left soonest in each stretch of
  // media time. `arrival` is when it was sent, by the sender's clock, counted from the first packet's
  // arrival.
  std::vector<EnvelopePoint> sent;
  // Mean change of the wait between neighbouring packets: from capture to sending, and from there to here.
  double capture_jitter_ms = 0;
  double network_jitter_ms = 0;
};

struct StampIds {
  std::optional<int> capture_time;
  std::optional<int> send_time;
};

// Feed with the packets of one track that have arrival times, in sending order; then finish() once.
class StampObserver {
 public:
  StampObserver(StampIds ids, ClockRate rate);
  void see(const rtp::OrderedPacket& packet);
  SenderStamps finish();

 private:
  struct Sent {
    std::int64_t tick = 0;
    std::int64_t units = 0;  // 2^-18 s, unwrapped
    ArrivalTime arrival{};
  };

  void see_capture_time(Bytes bytes, const rtp::OrderedPacket& packet);
  void see_send_time(Bytes bytes, const rtp::OrderedPacket& packet);
  void start_run(const Sent& sent);
  void keep_longest();
  ArrivalTime sent_at(const Sent& sent) const;

  StampIds ids_;
  ClockRate rate_;
  ReportThinner captures_;
  std::int64_t capture_offset_ = 0;  // last seen, 2^-32 s
  std::optional<Sent> origin_, last_;
  std::optional<LowerEnvelope> run_;
  std::int64_t run_first_tick_ = 0;
  std::int64_t longest_ticks_ = -1;
  std::uint64_t compared_ = 0;
  double capture_jitter_ns_ = 0, network_jitter_ns_ = 0;
  SenderStamps stamps_;
};

}  // namespace greffe::timeline
