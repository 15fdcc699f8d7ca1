// How a track's clock was found: every witness there was, and where they contradict each other. It is what
// reports/clocks.json and greffe-probe show an engineer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "timeline/clock_fit.h"

namespace greffe::timeline {

struct ClockWitness {
  std::string name;        // "abs-capture-time", "sender-reports", "abs-send-time", "arrival", "container"
  std::uint64_t seen = 0;  // packets, reports
  std::uint64_t refused = 0;
  std::string used_for;             // "place and drift", "drift"; empty: it decided nothing
  std::optional<double> offset_ms;  // its clock less the recorder's, the network's least delay included
  std::optional<double> drift_ppm;  // positive: the media's clock is fast; 0 where nothing shows a drift
  std::optional<double> residual_ms;
};

// One thing that does not fit, in words, with its place on the track's own clock map.
struct ClockContradiction {
  std::string kind;  // "capture-stall", "rtp-leap", "rtp-step-back", "arrival-step", "recorder-clock-step",
                     // "alien-time", "reports-refused", "place-apart", "drift-apart", "packet-ends"
  std::optional<MeetingTime> at;
  Duration amount{};
  std::string text;
};

struct ClockEvidence {
  std::vector<ClockWitness> witnesses;
  std::vector<ClockContradiction> contradictions;
  std::optional<double> capture_jitter_ms;  // both only where send times are
  std::optional<double> network_jitter_ms;
};

struct EvidenceOf {
  const ClockObservation& observation;
  const SenderStamps& stamps;
  const std::vector<SeenReport>& reports;
  const ClockMap& map;  // the one that was chosen
  ArrivalTime zero{};   // of the map's time 0
};
ClockEvidence find_evidence(const EvidenceOf& of);

// The drift of the longest segment: short ones say little. nullopt without segments.
std::optional<double> drift_ppm_of(const ClockMap& map);

// Three decimals say all that clocks allow.
double rounded_to_thousandths(double value);

// `zero` is what the map's time 0 is called there: places are told in ms after it.
json::Array witnesses_json(const ClockEvidence& evidence);
json::Array contradictions_json(const ClockEvidence& evidence, MeetingTime zero = {});

}  // namespace greffe::timeline
