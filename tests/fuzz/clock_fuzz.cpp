// Any RTP times, arrivals, reports and stamps: a clock comes out of them, with evidence that can be written,
// and the steps of the recorder's clock are taken out.
#include <algorithm>
#include <array>
#include <cmath>

#include "json/value.h"
#include "require.h"
#include "timeline/clock_evidence.h"
#include "timeline/recorder_clock.h"

namespace {

using namespace greffe;
using fuzz::require;

// Each packet: RTP step 32, arrival step in ms 32 (both signed), flags 8 (1 starts a segment, 2 has a report,
// 4 has 15 octets of header extensions). A report: NTP time 64, RTP time against the packet's 32.
struct Script {
  explicit Script(Bytes script) : reader(script) {}
  ByteReader reader;
  timeline::ClockObserver observer{ClockRate{48'000}, true};
  timeline::StampObserver stamps{{.capture_time = 1, .send_time = 2}, ClockRate{48'000}};
  std::vector<timeline::SeenReport> reports;
  rtp::OrderedPacket packet;
  std::uint64_t packets = 0;

  // As far apart as 32 bits of seconds are.
  void move_arrival(std::int32_t ms) {
    constexpr std::int64_t Last = std::int64_t{0xFFFFFFFF} * 1'000'000'000;
    const std::int64_t next = packet.arrival.time_since_epoch().count() + std::int64_t{ms} * 1'000'000;
    packet.arrival = ArrivalTime(Duration(std::clamp<std::int64_t>(next, 0, Last)));
  }

  bool next() {
    const auto step = static_cast<std::int32_t>(reader.u32());
    const auto ms = static_cast<std::int32_t>(reader.u32());
    const std::uint8_t flags = reader.u8();
    if (reader.failed()) return false;
    packet.sequence += 1;
    packet.ticks += step;
    move_arrival(ms);
    packet.starts_segment = packets++ == 0 || (flags & 1) != 0;
    packet.packet.extension_profile = 0xBEDE;
    packet.packet.extension = (flags & 4) != 0 ? reader.take(15) : Bytes{};
    if (reader.failed()) packet.packet.extension = {};
    observer.see(packet);
    stamps.see(packet);
    if ((flags & 2) == 0) return true;
    const NtpTime ntp{.seconds = reader.u32(), .fraction = reader.u32()};
    const auto apart = static_cast<std::int32_t>(reader.u32());
    if (reader.failed()) return false;
    reports.push_back({.tick = packet.ticks + apart, .sender = ntp.wall_time(), .arrival = packet.arrival});
    return true;
  }
};

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  // A few hundred packets show all there is to see of a clock; more of them only take longer.
  Script script(Bytes(data, std::min<std::size_t>(size, 4096)));
  while (script.next()) {
  }
  timeline::ClockObservation seen = script.observer.finish();
  const timeline::SenderStamps stamps = script.stamps.finish();
  if (seen.segments.empty()) return 0;
  const timeline::ArrivalCorrection correction(
      timeline::find_recorder_steps({{&seen, "a", script.reports}, {&seen, "b"}}),
      seen.segments.front().first_arrival, seen.segments.back().last_arrival);
  correction.correct(seen, {&script.reports});
  seen.sent = stamps.sent;
  const ArrivalTime zero = seen.segments.front().first_arrival;
  timeline::ClockMap map = timeline::fit_arrival(seen, zero, {});
  require(map.segments.size() == seen.segments.size());
  const std::array<const std::vector<timeline::SeenReport>*, 2> kinds{&script.reports, &stamps.captures};
  for (const auto* pairs : kinds) {
    const auto clock = timeline::fit_reports(seen, *pairs);
    if (!clock) continue;
    require(clock->used + clock->refused == pairs->size());
    if (auto maps = timeline::fit_shared({{&seen, *clock, {}}}, zero)) map = maps->front();
  }
  require(map.segments.size() == seen.segments.size());
  for (std::size_t i = 0; i < map.segments.size(); ++i) {
    require(map.segments[i].rate_ns > 0 && map.segments[i].rate_ticks > 0);
    (void)map.at(static_cast<std::uint32_t>(i), seen.segments[i].last_tick);
  }
  const timeline::ClockEvidence evidence = timeline::find_evidence(
      {.observation = seen, .stamps = stamps, .reports = script.reports, .map = map, .zero = zero});
  for (const timeline::ClockWitness& witness : evidence.witnesses)
    require(std::isfinite(witness.drift_ppm.value_or(0)) && std::isfinite(witness.residual_ms.value_or(0)));
  (void)timeline::witnesses_json(evidence);
  (void)timeline::contradictions_json(evidence, MeetingTime(zero.time_since_epoch()));
  return 0;
}
