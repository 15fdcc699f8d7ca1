#include "timeline/sender_stamps.h"

#include <algorithm>
#include <cmath>
#include <utility>

#include "rtp/header_extension.h"
#include "units/media_time.h"

namespace greffe::timeline {
namespace {

constexpr std::int64_t UnitsPerSecond = 1 << 18;  // abs-send-time is 6.18 fixed point
constexpr std::int64_t UnitsCycle = 1 << 24;      // 64 s

Duration time_of_units(std::int64_t units) {
  return Duration(static_cast<std::int64_t>(static_cast<__int128>(units) * 1'000'000'000 / UnitsPerSecond));
}

std::int64_t units_of(Duration duration) {
  return static_cast<std::int64_t>(static_cast<__int128>(duration.count()) * UnitsPerSecond / 1'000'000'000);
}

// 2^-32 s to nanoseconds.
Duration time_of_fraction(std::int64_t fraction) {
  return Duration(static_cast<std::int64_t>((static_cast<__int128>(fraction) * 1'000'000'000) >> 32));
}

double magnitude(Duration duration) { return std::abs(static_cast<double>(duration.count())); }

// The value on the circle of 64 s that lies nearest to where arrival expects it.
std::int64_t unwrapped(std::uint32_t value, std::int64_t expected) {
  std::int64_t apart = (static_cast<std::int64_t>(value) - expected) % UnitsCycle;
  if (apart < -UnitsCycle / 2) apart += UnitsCycle;
  if (apart >= UnitsCycle / 2) apart -= UnitsCycle;
  return expected + apart;
}

}  // namespace

std::size_t segment_of(const ClockObservation& seen, const SeenReport& report) {
  const double tick_ns = 1e9 / seen.rate.hz;
  std::size_t nearest = 0;
  double least = INFINITY;
  for (std::size_t i = 0; i < seen.segments.size(); ++i) {
    const ObservedSegment& segment = seen.segments[i];
    const auto since = static_cast<double>((report.arrival - segment.first_arrival).count());
    const double by_arrival =
        std::abs(since - static_cast<double>(report.tick - segment.first_tick) * tick_ns);
    const std::int64_t outside =
        std::max<std::int64_t>({0, segment.first_tick - report.tick, report.tick - segment.last_tick});
    const double apart = by_arrival + static_cast<double>(outside) * tick_ns;
    if (apart < least) least = apart, nearest = i;
  }
  return nearest;
}

void ReportThinner::add(const SeenReport& report) {
  if (seen_++ % stride_ != 0) return;
  if (reports_.size() == MostReports) {
    for (std::size_t i = 0; i < MostReports / 2; ++i) reports_[i] = reports_[2 * i];
    reports_.resize(MostReports / 2);
    stride_ *= 2;
    if ((seen_ - 1) % stride_ != 0) return;
  }
  reports_.push_back(report);
}

StampObserver::StampObserver(StampIds ids, ClockRate rate) : ids_(ids), rate_(rate) {}

void StampObserver::see(const rtp::OrderedPacket& packet) {
  if (packet.recovered || (!ids_.capture_time && !ids_.send_time)) return;
  rtp::HeaderExtensions extensions(packet.packet);
  while (const auto extension = extensions.next()) {
    if (extension->id == ids_.capture_time) see_capture_time(extension->bytes, packet);
    if (extension->id == ids_.send_time) see_send_time(extension->bytes, packet);
  }
}

void StampObserver::see_capture_time(Bytes bytes, const rtp::OrderedPacket& packet) {
  const auto time = rtp::absolute_capture_time_of(bytes);
  if (!time || time->captured == NtpTime{}) return;
  ++stamps_.capture_times;
  // The offset is sent now and then, and holds until the next one: capturer's clock less sender's.
  if (time->clock_offset) capture_offset_ = *time->clock_offset;
  captures_.add({.tick = packet.ticks,
                 .sender = time->captured.wall_time() - time_of_fraction(capture_offset_),
                 .arrival = packet.arrival});
}

void StampObserver::see_send_time(Bytes bytes, const rtp::OrderedPacket& packet) {
  const auto value = rtp::absolute_send_time_of(bytes);
  if (!value) return;
  ++stamps_.send_times;
  Sent sent{.tick = packet.ticks, .units = *value, .arrival = packet.arrival};
  if (last_) sent.units = unwrapped(*value, last_->units + units_of(packet.arrival - last_->arrival));
  if (!origin_) origin_ = sent;
  constexpr double Parting = 500e6;  // R3
  if (!last_ || packet.starts_segment) {
    start_run(sent);
  } else if (sent.tick != last_->tick) {
    const Duration since = sent_at(sent) - sent_at(*last_);
    const double of_capture = magnitude(since - media_time(sent.tick - last_->tick, rate_));
    if (of_capture > Parting) {
      start_run(sent);
    } else {
      capture_jitter_ns_ += of_capture;
      network_jitter_ns_ += magnitude((sent.arrival - last_->arrival) - since);
      ++compared_;
    }
  }
  run_->add(sent.tick, sent_at(sent));
  last_ = sent;
}

ArrivalTime StampObserver::sent_at(const Sent& sent) const {
  return origin_->arrival + time_of_units(sent.units - origin_->units);
}

void StampObserver::start_run(const Sent& sent) {
  keep_longest();
  run_.emplace(rate_);
  run_first_tick_ = sent.tick;
}

void StampObserver::keep_longest() {
  if (!run_ || last_->tick - run_first_tick_ <= longest_ticks_) return;
  longest_ticks_ = last_->tick - run_first_tick_;
  stamps_.sent = run_->points();
}

SenderStamps StampObserver::finish() {
  keep_longest();
  stamps_.captures = captures_.reports();
  if (compared_ > 0) {
    stamps_.capture_jitter_ms = capture_jitter_ns_ / static_cast<double>(compared_) / 1e6;
    stamps_.network_jitter_ms = network_jitter_ns_ / static_cast<double>(compared_) / 1e6;
  }
  return std::move(stamps_);
}

}  // namespace greffe::timeline
