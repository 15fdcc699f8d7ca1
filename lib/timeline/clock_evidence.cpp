#include "timeline/clock_evidence.h"
#include "units/media_time.h"

#include <algorithm>
#include <cmath>

namespace greffe::timeline {
namespace {

double ms_of(Duration duration) { return static_cast<double>(duration.count()) / 1e6; }
double seconds_of(Duration duration) { return static_cast<double>(duration.count()) / 1e9; }

// Extra nanoseconds of a witness per nanosecond of media, as the drift of the media's clock.
double ppm_of(double slope) { return (1 / (1 + slope) - 1) * 1e6; }

// What the chosen map took from a witness that speaks of place and drift.
std::string use_of(const ClockMap& map, std::string_view name) {
  return map.witness == name ? "place and drift" : "";
}

void add_pairs(const EvidenceOf& of, std::string_view name, std::uint64_t seen,
               const std::vector<SeenReport>& pairs, ClockEvidence& evidence) {
  if (seen == 0) return;
  ClockWitness witness{.name = std::string(name), .seen = seen, .used_for = use_of(of.map, name)};
  const ReportVerdicts verdicts = judge_reports(of.observation, pairs);
  witness.refused = verdicts.refused();
  if (const auto clock = fit_reports(of.observation, verdicts)) {
    witness.offset_ms = clock->distance_ns / 1e6;
    witness.drift_ppm = ppm_of(clock->slope);
    witness.residual_ms = clock->residual_ms;
  }
  evidence.witnesses.push_back(std::move(witness));
  if (verdicts.refused() == 0) return;
  std::string text = fmt::format("{} of {} looked at refused:", verdicts.refused(), pairs.size());
  if (verdicts.without_time > 0) text += fmt::format(" {} with NTP time 0,", verdicts.without_time);
  if (verdicts.apart_from_arrival > 0)
    text += fmt::format(" {} whose RTP time lies over 1 s from arrival,", verdicts.apart_from_arrival);
  if (verdicts.clock_leaps > 0)
    text += fmt::format(" {} whose NTP time leaves the sender's clock by over 1 s,", verdicts.clock_leaps);
  text.pop_back();
  const MeetingTime at(*verdicts.first_refused - of.zero);
  evidence.contradictions.push_back(
      {.kind = "reports-refused", .at = at, .text = fmt::format("{}: {}", name, text)});
}

void add_sent(const EvidenceOf& of, const ArrivalDrift& drift, ClockEvidence& evidence) {
  if (of.stamps.send_times == 0) return;
  ClockWitness witness{.name = "abs-send-time", .seen = of.stamps.send_times};
  if (drift.by_send_times) {
    witness.drift_ppm = ppm_of(drift.slope);
    if (of.map.witness == "arrival") witness.used_for = "drift";
  }
  evidence.witnesses.push_back(std::move(witness));
  evidence.capture_jitter_ms = of.stamps.capture_jitter_ms;
  evidence.network_jitter_ms = of.stamps.network_jitter_ms;
  if (!drift.by_send_times && !of.observation.sent.empty())
    evidence.contradictions.push_back(
        {.kind = "drift-apart",
         .text = "abs-send-time runs away from arrival by over 20 ms; it is not used"});
}

void add_arrival(const EvidenceOf& of, const ArrivalDrift& drift, const ClockMap& by_arrival,
                 ClockEvidence& evidence) {
  std::uint64_t packets = 0;
  for (const ObservedSegment& segment : of.observation.segments) packets += segment.packets;
  ClockWitness witness{.name = "arrival", .seen = packets, .residual_ms = by_arrival.residual_ms};
  witness.drift_ppm = ppm_of(drift.slope);
  if (of.map.witness == "arrival") witness.used_for = drift.by_send_times ? "place" : "place and drift";
  evidence.witnesses.push_back(std::move(witness));
}

// Where RTP time and arrival parted for good (R3), segment by segment.
void add_breaks(const EvidenceOf& of, ClockEvidence& evidence) {
  const auto& segments = of.observation.segments;
  for (std::size_t i = 1; i < segments.size() && i < of.map.segments.size(); ++i) {
    const ObservedSegment& a = segments[i - 1];
    const ObservedSegment& b = segments[i];
    if (!std::binary_search(of.observation.breaks.begin(), of.observation.breaks.end(), b.first_packet))
      continue;
    const Duration media = media_time(b.first_tick - a.last_tick, of.observation.rate);
    const Duration arrival = b.first_arrival - a.last_arrival;
    ClockContradiction one{.at = of.map.at(static_cast<std::uint32_t>(i), b.first_tick),
                           .amount = arrival - media};
    if (std::abs(ms_of(arrival - media)) < 50) {
      one.kind = "recorder-clock-step";
      one.text = "the recorder's clock was set here; RTP time goes on, and no media is moved for it";
    } else if (media < Duration::zero()) {
      one.kind = "rtp-step-back";
      one.text =
          fmt::format("RTP time steps back by {:.3f} s; arrival goes on by {:.3f} s and places what follows",
                      -seconds_of(media), seconds_of(arrival));
    } else if (arrival > media) {
      one.kind = "capture-stall";
      one.text = fmt::format(
          "capture stalls: RTP time goes on by {:.3f} s while {:.3f} s pass by arrival, which places what "
          "follows",
          seconds_of(media), seconds_of(arrival));
    } else {
      one.kind = "rtp-leap";
      one.text =
          fmt::format("RTP time leaps by {:.3f} s within {:.3f} s of arrival, which places what follows",
                      seconds_of(media), seconds_of(arrival));
    }
    evidence.contradictions.push_back(std::move(one));
  }
}

void add_step(const EvidenceOf& of, const ArrivalDrift& drift, ClockEvidence& evidence) {
  if (!drift.step || of.map.segments.empty()) return;
  const auto longest = std::max_element(
      of.observation.segments.begin(), of.observation.segments.end(),
      [](const auto& a, const auto& b) { return a.last_tick - a.first_tick < b.last_tick - b.first_tick; });
  const auto tick = longest->envelope.front().tick +
                    static_cast<std::int64_t>(drift.step->media * of.observation.rate.hz / 1e9);
  const auto segment = static_cast<std::uint32_t>(longest - of.observation.segments.begin());
  evidence.contradictions.push_back(
      {.kind = "arrival-step",
       .at = of.map.at(segment, tick),
       .amount = Duration(std::llround(drift.step->height)),
       .text = fmt::format(
           "packets come {:.1f} ms {} from here on, at once and for good: no drift, and no media is "
           "moved for it",
           std::abs(drift.step->height) / 1e6, drift.step->height > 0 ? "later" : "earlier")});
}

void add_rest(const EvidenceOf& of, ClockEvidence& evidence) {
  if (!of.observation.outliers.empty())
    evidence.contradictions.push_back(
        {.kind = "alien-time",
         .text =
             fmt::format("{} packets have an RTP time that fits nothing around them, the first is packet {}",
                         of.observation.outliers.size(), of.observation.outliers.front())});
  if (of.map.witness == SenderReports && of.map.audio_advance > Duration::zero())
    evidence.contradictions.push_back(
        {.kind = "packet-ends",
         .amount = of.map.audio_advance,
         .text = fmt::format(
             "beside the pictures the reports name the end of a packet, not its first sample: the "
             "sound is moved {:.1f} ms earlier",
             ms_of(of.map.audio_advance))});
}

// Where the map comes from another witness than arrival: how far the two differ.
void add_differences(const EvidenceOf& of, const ClockMap& by_arrival, ClockEvidence& evidence) {
  constexpr double LeastPlaceMs = 250;  // less is the network's share, which senders' clocks take out
  constexpr double LeastDriftMs = 40;   // R8
  if (of.map.witness == by_arrival.witness) return;
  const ClockSegment& segment = of.map.segments.front();
  const Duration later =
      (of.map.at(0, segment.first_tick) - by_arrival.at(0, segment.first_tick)) + of.zero.time_since_epoch();
  if (std::abs(ms_of(later)) > LeastPlaceMs)
    evidence.contradictions.push_back(
        {.kind = "place-apart",
         .amount = later,
         .text = fmt::format("by {} the media lies {:.0f} ms {} than by arrival", of.map.witness,
                             std::abs(ms_of(later)), later > Duration::zero() ? "later" : "earlier")});
  const double apart = *drift_ppm_of(of.map) - *drift_ppm_of(by_arrival);
  const double over_it =
      std::abs(apart) * 1e-6 * ms_of(media_time(segment.last_tick - segment.first_tick, of.observation.rate));
  if (over_it > LeastDriftMs)
    evidence.contradictions.push_back(
        {.kind = "drift-apart",
         .text = fmt::format("{} and arrival are {:.1f} ppm apart: {:.0f} ms at the end of the first segment",
                             of.map.witness, apart, over_it)});
}

}  // namespace

ClockEvidence find_evidence(const EvidenceOf& of) {
  ClockEvidence evidence;
  if (of.map.segments.empty() || of.map.witness == "none") return evidence;
  const ArrivalDrift drift = arrival_drift(of.observation);
  const ClockMap by_arrival = fit_arrival(of.observation, ArrivalTime{}, {});
  add_pairs(of, CaptureTimes, of.stamps.capture_times, of.stamps.captures, evidence);
  add_pairs(of, SenderReports, of.reports.size(), of.reports, evidence);
  add_sent(of, drift, evidence);
  add_arrival(of, drift, by_arrival, evidence);
  add_breaks(of, evidence);
  add_step(of, drift, evidence);
  add_rest(of, evidence);
  add_differences(of, by_arrival, evidence);
  return evidence;
}

std::optional<double> drift_ppm_of(const ClockMap& map) {
  const auto longest = std::max_element(
      map.segments.begin(), map.segments.end(),
      [](const auto& a, const auto& b) { return a.last_tick - a.first_tick < b.last_tick - b.first_tick; });
  if (longest == map.segments.end()) return std::nullopt;
  return longest->drift_ppm(map.clock_rate);
}

double rounded_to_thousandths(double value) {
  return static_cast<double>(static_cast<std::int64_t>(value * 1000 + (value < 0 ? -0.5 : 0.5))) / 1000;
}

namespace {

void set_rounded(json::Object& object, const char* name, const std::optional<double>& value) {
  object.set(name, value ? json::Value(rounded_to_thousandths(*value)) : json::Value());
}

}  // namespace

json::Array witnesses_json(const ClockEvidence& evidence) {
  json::Array all;
  for (const ClockWitness& witness : evidence.witnesses) {
    json::Object one{{"witness", witness.name}, {"seen", witness.seen}, {"refused", witness.refused}};
    one.set("used_for", witness.used_for);
    set_rounded(one, "offset_ms", witness.offset_ms);
    set_rounded(one, "drift_ppm", witness.drift_ppm);
    set_rounded(one, "residual_ms", witness.residual_ms);
    all.push_back(std::move(one));
  }
  return all;
}

json::Array contradictions_json(const ClockEvidence& evidence, MeetingTime zero) {
  json::Array all;
  for (const ClockContradiction& one : evidence.contradictions)
    all.push_back(json::Object{{"kind", one.kind},
                               {"at_ms", one.at ? json::Value(whole_ms(*one.at - zero)) : json::Value()},
                               {"amount_ms", rounded_to_thousandths(ms_of(one.amount))},
                               {"text", one.text}});
  return all;
}

}  // namespace greffe::timeline
