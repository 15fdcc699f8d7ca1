// Samples → FLAC (RFC 9639): every sample comes back as it was.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"

namespace greffe::codec {

// Takes stereo of 24 bits at 48 kHz in blocks of any length and gives frames of 96 ms, the last one shorter.
// One thread; the same bytes each time. Not thread-safe.
class FlacEncoder {
 public:
  static Result<FlacEncoder> create();
  FlacEncoder(FlacEncoder&&) noexcept;
  FlacEncoder& operator=(FlacEncoder&&) noexcept;
  ~FlacEncoder();

  // Interleaved, each from -2^23 to 2^23 - 1. Gives the bytes of the frames that became full.
  Result<std::vector<std::uint8_t>> encode(std::span<const std::int32_t> stereo);
  // What is left. Call once, last.
  Result<std::vector<std::uint8_t>> finish();
  // "fLaC" and STREAMINFO, which a file begins with: always as long, and true after finish().
  std::vector<std::uint8_t> head() const;

 private:
  struct Parts;
  explicit FlacEncoder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::codec
