// Instants that cannot be mixed up: each clock has its own type, all in nanoseconds.
#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.h"

namespace greffe {

using Duration = std::chrono::nanoseconds;

namespace clocks {
struct Meeting {};  // the meeting's own clock, zero at its start
struct Arrival {};  // what the recorder's clock said; since 1970 when it was set, else since the dump began
struct Wall {};     // UTC since 1970, without leap seconds
}  // namespace clocks

using MeetingTime = std::chrono::time_point<clocks::Meeting, Duration>;
using ArrivalTime = std::chrono::time_point<clocks::Arrival, Duration>;
using WallTime = std::chrono::time_point<clocks::Wall, Duration>;

// 64-bit NTP time (RFC 5905 §6): seconds since 1900 and a 32-bit fraction.
struct NtpTime {
  std::uint32_t seconds = 0;
  std::uint32_t fraction = 0;
  bool operator==(const NtpTime&) const = default;
  // Era 0 for 1968 and later, era 1 (from 2036-02-07) below that, as RFC 4330 §3 has it.
  WallTime wall_time() const;
};

// Half-open [start, end).
struct TimeRange {
  MeetingTime start{};
  MeetingTime end{};
  Duration duration() const { return end - start; }
  bool empty() const { return end <= start; }
  bool contains(MeetingTime time) const { return start <= time && time < end; }
  bool overlaps(const TimeRange& other) const { return start < other.end && other.start < end; }
  bool operator==(const TimeRange&) const = default;
};

// Milliseconds, rounded down.
std::int64_t whole_ms(Duration duration);
inline std::int64_t whole_ms(MeetingTime time) { return whole_ms(time.time_since_epoch()); }

// RFC 3339 in UTC with `digits` decimals (0 to 9): "2026-11-20T13:45:24.630Z".
std::string rfc3339(WallTime time, int digits = 3);
// RFC 3339 with offset or Z. Local times without offset are refused (R69).
Result<WallTime> parse_rfc3339(std::string_view text);

// Year, month, day, hour, minute, second in UTC.
struct CivilTime {
  int year = 1970, month = 1, day = 1, hour = 0, minute = 0, second = 0;
};
CivilTime civil_time(WallTime time);

// "1:02:03.456" or "02:03.456", for people.
std::string clock_text(MeetingTime time);

}  // namespace greffe
