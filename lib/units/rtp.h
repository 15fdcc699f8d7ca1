// The numbers of RTP as types (RFC 3550 §5.1): compared by distance where they wrap.
#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <type_traits>

namespace greffe {

// 32-bit id of a stream.
struct Ssrc {
  std::uint32_t value = 0;
  auto operator<=>(const Ssrc&) const = default;
};

// 7-bit number naming the format in a stream.
struct PayloadType {
  std::uint8_t value = 0;
  auto operator<=>(const PayloadType&) const =
      default;  // NOLINT(modernize-use-nullptr): misread by clang-tidy 14
};

// Ticks per second of an RTP clock, in Hz; never 0.
struct ClockRate {
  std::uint32_t hz = 90'000;
  auto operator<=>(const ClockRate&) const = default;
};

// 16 bits, wraps.
struct SequenceNumber {
  std::uint16_t value = 0;
  bool operator==(const SequenceNumber&) const = default;
};

// 32-bit ticks, wraps, random start.
struct RtpTimestamp {
  std::uint32_t value = 0;
  bool operator==(const RtpTimestamp&) const = default;
};

// How far `to` lies after `from` on the circle, -2^(n-1) … 2^(n-1)-1.
template <class Unsigned>
constexpr std::int64_t wrapped_distance(Unsigned from, Unsigned to) {
  return static_cast<std::make_signed_t<Unsigned>>(static_cast<Unsigned>(to - from));
}
constexpr std::int64_t distance(SequenceNumber from, SequenceNumber to) {
  return wrapped_distance(from.value, to.value);
}
constexpr std::int64_t distance(RtpTimestamp from, RtpTimestamp to) {
  return wrapped_distance(from.value, to.value);
}

// Carries a wrapping counter on in 64 bits: each value is placed nearest to the highest seen so far,
// so that values which arrive late, also across the wrap, come out below it (R1, R2). Starts at the first
// value plus one cycle, so that what lies before the first is still positive.
template <class Unsigned>
class Unwrapper {
 public:
  std::int64_t operator()(Unsigned value) {
    const std::int64_t cycle = std::int64_t{1} << (8 * sizeof(Unsigned));
    if (!highest_) {
      highest_ = cycle + value;
      return *highest_;
    }
    const std::int64_t placed = *highest_ + wrapped_distance(static_cast<Unsigned>(*highest_), value);
    if (placed > *highest_) highest_ = placed;
    return placed;
  }
  void reset() { highest_.reset(); }

 private:
  std::optional<std::int64_t> highest_;
};

// An unwrapped counter as it was sent, plus one cycle for each wrap since the first value: for reports.
template <class Unsigned>
constexpr std::int64_t as_sent(std::int64_t unwrapped) {
  return unwrapped - (std::int64_t{1} << (8 * sizeof(Unsigned)));
}

}  // namespace greffe
