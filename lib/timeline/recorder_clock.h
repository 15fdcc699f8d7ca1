// When the recorder's own clock was set while it recorded (R60). Pure.
#pragma once

#include <string>
#include <vector>

#include "timeline/sender_stamps.h"

namespace greffe::timeline {

// One setting of the recorder's clock: arrivals from then on read `height` later than they should.
struct RecorderStep {
  ArrivalTime before{};  // the last packet by the old clock, by the old clock
  ArrivalTime after{};   // the first packet by the new clock, by the new clock
  Duration height{};
};

// A track, and who sends it: devices of one participant can stand still together, those of two cannot.
// `pairs` are its sender reports and capture times, with arrivals as the recorder had them.
struct RecordedClock {
  const ClockObservation* observation;
  std::string participant;
  std::vector<SeenReport> pairs = {};
};

// The steps, in order. RTP time that goes on while arrival leaps says that one of two clocks is wrong: it is
// the recorder's when a sender's own clock goes on as RTP time does, when arrival goes back, or when the
// tracks of several participants leap at once by the same amount. It is not when a sender's own clock leaps
// as well, or a track goes on without the leap.
std::vector<RecorderStep> find_recorder_steps(const std::vector<RecordedClock>& tracks);

// Brings arrivals of all parts onto the clock of the longest steady part. Where a step back makes readings
// ambiguous the old clock is meant, unless a track's own step says better.
class ArrivalCorrection {
 public:
  // `first` and `last`: of the recording, as the recorder had them.
  ArrivalCorrection(std::vector<RecorderStep> steps, ArrivalTime first, ArrivalTime last);
  const std::vector<RecorderStep>& steps() const { return steps_; }
  // The track's pairs follow the segment their RTP time lies in.
  void correct(ClockObservation& observation, const std::vector<std::vector<SeenReport>*>& pairs = {}) const;

 private:
  std::vector<Duration> shifts_of(const ClockObservation& observation) const;
  Duration of_part(std::size_t part) const;

  std::vector<RecorderStep> steps_;
  std::size_t reference_ = 0;  // parts lie between the steps
};

}  // namespace greffe::timeline
