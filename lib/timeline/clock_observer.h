// What the packets of one track tell about its clock: spans of unbroken RTP time and the lower envelope of
// arrival in each (DESIGN 5). Memory does not grow with the track.
#pragma once

#include <algorithm>
#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "rtp/packet_source.h"
#include "units/rtp.h"
#include "units/time.h"

namespace greffe::timeline {

// The packet that waited least in its stretch of media time: jitter only ever adds to arrival.
struct EnvelopePoint {
  std::int64_t tick = 0;
  ArrivalTime arrival{};
};

// At most MostPoints points, one per stretch; when they run out, stretches are joined in pairs.
class LowerEnvelope {
 public:
  static constexpr std::size_t MostPoints = 512;

  explicit LowerEnvelope(ClockRate rate);
  LowerEnvelope(LowerEnvelope&&) = default;
  LowerEnvelope& operator=(LowerEnvelope&&) = default;
  void add(std::int64_t tick, ArrivalTime arrival);
  std::vector<EnvelopePoint> points() const;

 private:
  void join_pairs();

  ClockRate rate_;
  std::int64_t stretch_ticks_;
  using Points = std::map<std::int64_t, EnvelopePoint>;  // by tick / stretch_ticks_
  Points points_;
  Points::value_type* latest_ = nullptr;  // where the last one went: the next goes there, too, as a rule
};

struct ObservedSegment {
  std::uint64_t first_packet = 0;  // of the packet that starts it, counted from 0 in the order seen
  std::int64_t first_tick = 0;     // least and greatest media time seen
  std::int64_t last_tick = 0;
  std::uint64_t packets = 0;
  ArrivalTime first_arrival{};
  ArrivalTime last_arrival{};
  std::vector<EnvelopePoint> envelope;
};

struct ClockObservation {
  ClockRate rate;
  std::vector<ObservedSegment> segments;
  std::uint64_t left_out = 0;  // segments after the first ClockObserver::MostSegments
  // Packets counted from 0 in the order seen, so that a second reading finds them again.
  std::vector<std::uint64_t> outliers;  // single packets whose RTP time fits nothing around them
  std::vector<std::uint64_t> breaks;    // where RTP time and arrival part for good (R3)
  // When packets were sent, if they say so: see SenderStamps::sent. The observer leaves it empty.
  std::vector<EnvelopePoint> sent;
  std::int64_t usual_step = 0;  // the commonest tick step between neighbours: an audio packet's duration
};

// Feed with the packets of one track in sending order; then finish() once.
//
// A new segment starts where the packets say so, or where RTP time and arrival part by more than 500 ms and
// stay apart for 3 packets and 1 s (R3: a mute that stops the RTP clock, a clock that jumps). A burst after a
// network stall comes back to the old line and is no break; one packet that fits nothing is an outlier. The
// old line is the floor of what arrived before, not the packet before, which may have been late itself. Of
// the packets of one picture only the first tells of the clock: the others waited for their turn.
//
// A clock that stands still in short pauses parts by less each time, but never comes back: where arrival
// rises at once, over 60 ms each time and 500 ms in all, each rise starts a segment. A network that delays
// more for a while comes back, and a clock that drifts does not rise at once.
class ClockObserver {
 public:
  // RTP time that begins anew more often is nobody's clock; the rest is counted only.
  static constexpr std::size_t MostSegments = 8192;

  // Without arrival times (has_arrival false) only the packets' own segment marks count, and envelopes stay
  // empty.
  ClockObserver(ClockRate rate, bool has_arrival);
  ClockObserver(ClockObserver&&) = default;
  void see(const rtp::OrderedPacket& packet);
  // Counts a packet whose RTP time says nothing of the clock: that of another codec may run at another rate,
  // those of a telephone event keep one time while the key is pressed (RFC 4733 §2.5.1.2). Not for a packet
  // that starts a segment.
  void pass() { ++seen_packets_; }
  ClockObservation finish();

 private:
  struct Sample {
    std::uint64_t number;       // in the order seen
    std::uint64_t last_number;  // of the picture that it begins
    std::int64_t sequence;
    std::int64_t tick;
    ArrivalTime arrival;
    Duration offset;  // arrival less media time
  };
  // The open segment is in parts as long as nobody knows whether arrival that rose comes back.
  struct Part {
    ObservedSegment segment;
    LowerEnvelope envelope;
    bool parted = false;  // arrival rose where it begins: by `rise` above `floor`
    Duration floor{};
    Duration rise{};
  };
  // The least offset of the last once to twice `span`.
  class RecentFloor {
   public:
    explicit RecentFloor(Duration span) : span_(span) {}
    void add(const Sample& sample);
    void forget() { *this = RecentFloor(span_); }
    Duration value() const { return std::min(current_, previous_); }

   private:
    Duration span_;
    ArrivalTime begun_{};
    Duration current_ = Duration::max(), previous_ = Duration::max();
  };

  bool is_of_same_picture(const Sample& sample);
  bool leaps_ahead(const Sample& sample) const;
  bool is_apart(const Sample& sample) const;
  void start_segment(const Sample& sample);
  void take(const Sample& sample);
  void close_segment();
  void start_part(const Sample& sample);
  void part_where_it_rises(const Sample& sample);
  void join_last_part();
  void close_parts(std::size_t count);
  void settle_pending();
  void give_back_pending();
  void confirm_break();
  void count_step(const Sample& sample);

  ClockRate rate_;
  bool has_arrival_;
  std::uint64_t seen_packets_ = 0;
  std::vector<Part> parts_;                             // of the open segment; none: nothing is open
  RecentFloor floor_{std::chrono::milliseconds(500)};   // in the open segment
  RecentFloor old_floor_{std::chrono::seconds(30)};     // the same
  std::uint64_t taken_ = 0;                             // samples, in the open segment
  bool has_stood_still_ = false;                        // in pauses too short to part by themselves
  std::optional<Sample> last_;                          // taken last
  std::vector<Sample> pending_;                         // parted from the open segment, not yet decided
  using Steps = std::map<std::int64_t, std::uint64_t>;  // how often each was taken
  Steps steps_;
  Steps::value_type* latest_step_ = nullptr;
  ClockObservation seen_;
};

}  // namespace greffe::timeline
