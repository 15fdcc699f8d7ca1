// Samples → Opus for a film: one pass from its first sample to its last, the same bytes each time.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "base/result.h"

namespace greffe::codec {

struct OpusPacket {
  std::int64_t first_sample =
      0;           // of the input at 48 kHz, that a decoder gives first: -lookahead for the first packet
  int length = 0;  // samples
  std::vector<std::uint8_t> bytes;
};

// Takes stereo at 48 kHz in blocks of any length and gives packets of 20 ms. Not thread-safe.
//
// A decoder gives first `lookahead()` samples that belong to no input; sample n of the input is sample
// n + lookahead() of what it gives.
class OpusEncoder {
 public:
  static Result<OpusEncoder> create(int bitrate_bps);
  OpusEncoder(OpusEncoder&&) noexcept;
  OpusEncoder& operator=(OpusEncoder&&) noexcept;
  ~OpusEncoder();

  int lookahead() const;  // samples at 48 kHz
  // The OpusHead of RFC 7845 §5.1, as Matroska's CodecPrivate has it. `pre_skip`: of what a decoder gives, so
  // many samples come before the film.
  std::vector<std::uint8_t> head(int pre_skip) const;

  // Interleaved stereo. Gives the packets that became full.
  Result<std::vector<OpusPacket>> encode(std::span<const float> stereo);
  // Pads the end so that every input sample comes out of a decoder, and gives what is left. Call once, last.
  Result<std::vector<OpusPacket>> finish();

 private:
  struct Parts;
  explicit OpusEncoder(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::codec
