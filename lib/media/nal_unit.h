// NAL units as H.264 and H.265 share them: escaped payloads, and many units in one frame.
#pragma once

#include <optional>
#include <vector>

#include "base/byte_reader.h"

namespace greffe::media {

// The bytes of a unit without its emulation prevention: 00 00 03 becomes 00 00 (ITU-T H.264 §7.4.1, H.265
// §7.4.2). Reads no more than `most` bytes of the unit.
std::vector<std::uint8_t> unescaped(Bytes unit, std::size_t most = SIZE_MAX);

// Goes through a frame of units that each have their length in front (ISO/IEC 14496-15 §5.3.3): in 4 bytes in
// greffe's tracks, in 1 … 4 in files of other programs.
class NalUnits {
 public:
  explicit NalUnits(Bytes frame, std::size_t length_bytes = 4)
      : reader_(frame), length_bytes_(length_bytes) {}

  // The next unit, which may be empty; nullopt at the end and where a length runs past it.
  std::optional<Bytes> next();
  bool failed() const { return reader_.failed(); }

 private:
  ByteReader reader_;
  std::size_t length_bytes_;
};

// The units of a byte stream with start codes in between (ITU-T H.264 Annex B), without them and without the
// zeros that may follow a unit.
std::vector<Bytes> annex_b_units(Bytes stream);

// Puts a unit behind its length at the end of a frame.
void append_unit(std::vector<std::uint8_t>& frame, Bytes unit);
// Sets the length of the unit that began at `offset` (where its length stands) and ends with the frame.
void set_unit_length(std::vector<std::uint8_t>& frame, std::size_t offset);

}  // namespace greffe::media
