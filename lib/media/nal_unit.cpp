#include "media/nal_unit.h"

#include <algorithm>

namespace greffe::media {

std::vector<std::uint8_t> unescaped(Bytes unit, std::size_t most) {
  unit = unit.first(std::min(unit.size(), most));
  std::vector<std::uint8_t> plain;
  plain.reserve(unit.size());
  int zeros = 0;
  for (const std::uint8_t byte : unit) {
    if (zeros >= 2 && byte == 3) {
      zeros = 0;
      continue;
    }
    zeros = byte == 0 ? zeros + 1 : 0;
    plain.push_back(byte);
  }
  return plain;
}

std::optional<Bytes> NalUnits::next() {
  if (reader_.remaining() == 0) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < length_bytes_; ++i) length = length << 8 | reader_.u8();
  const Bytes unit = reader_.take(length);
  if (reader_.failed()) return std::nullopt;
  return unit;
}

std::vector<Bytes> annex_b_units(Bytes stream) {
  std::vector<Bytes> units;
  std::optional<std::size_t> begin;
  const auto end_unit = [&](std::size_t end) {
    while (begin && end > *begin && stream[end - 1] == 0) --end;
    if (begin) units.push_back(stream.subspan(*begin, end - *begin));
  };
  for (std::size_t i = 0; i + 3 <= stream.size(); ++i) {
    if (stream[i] != 0 || stream[i + 1] != 0 || stream[i + 2] != 1) continue;
    end_unit(i);
    begin = i + 3;
    i += 2;
  }
  end_unit(stream.size());
  return units;
}

void append_unit(std::vector<std::uint8_t>& frame, Bytes unit) {
  const std::size_t offset = frame.size();
  frame.resize(offset + 4);
  frame.insert(frame.end(), unit.begin(), unit.end());
  set_unit_length(frame, offset);
}

void set_unit_length(std::vector<std::uint8_t>& frame, std::size_t offset) {
  const std::size_t length = frame.size() - offset - 4;
  for (std::size_t i = 0; i < 4; ++i) frame[offset + i] = static_cast<std::uint8_t>(length >> (8 * (3 - i)));
}

}  // namespace greffe::media
