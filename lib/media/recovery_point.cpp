#include "media/recovery_point.h"

#include <algorithm>

#include "base/bit_reader.h"
#include "media/h264_headers.h"
#include "media/h265_headers.h"
#include "media/nal_unit.h"

namespace greffe::media {
namespace {

constexpr std::size_t RecoveryPointMessage = 6;  // payloadType, in both
constexpr std::size_t MostSeiBytes = 4096;       // what is behind that is not looked at
constexpr std::uint32_t MostFrames = 65535;

// The message behind type and size, which are sums of octets of which all but the last are 255
// (H.264 §7.3.2.3.1, H.265 §7.3.5).
std::optional<Bytes> find_message(Bytes plain, std::size_t header_bytes) {
  ByteReader reader(plain);
  reader.skip(header_bytes);
  const auto sum = [&] {
    std::size_t total = 0;
    for (std::uint8_t octet = 0xFF; octet == 0xFF && !reader.failed(); total += octet) octet = reader.u8();
    return total;
  };
  while (reader.remaining() > 2) {
    const std::size_t type = sum();
    const std::size_t size = sum();
    const Bytes message = reader.take(size);
    if (reader.failed()) return std::nullopt;
    if (type == RecoveryPointMessage) return message;
  }
  return std::nullopt;
}

}  // namespace

// recovery_frame_cnt ue(v), exact_match_flag, broken_link_flag
std::optional<RecoveryPoint> find_h264_recovery_point(Bytes unit) {
  if (unit.empty() || h264_unit_type(unit) != static_cast<std::uint8_t>(H264UnitType::Sei))
    return std::nullopt;
  const auto plain = unescaped(unit, MostSeiBytes);
  const auto message = find_message(plain, 1);
  if (!message) return std::nullopt;
  BitReader bits(*message);
  const RecoveryPoint point{.frames = bits.ue(), .exact = bits.flag()};
  const bool broken_link = bits.flag();
  if (bits.failed() || broken_link || point.frames > MostFrames) return std::nullopt;
  return point;
}

// recovery_poc_cnt se(v), exact_match_flag, broken_link_flag
std::optional<RecoveryPoint> find_h265_recovery_point(Bytes unit) {
  if (unit.size() < H265HeaderBytes ||
      h265_unit_type(unit) != static_cast<std::uint8_t>(H265UnitType::PrefixSei) || h265_layer_of(unit) > 0)
    return std::nullopt;
  const auto plain = unescaped(unit, MostSeiBytes);
  const auto message = find_message(plain, H265HeaderBytes);
  if (!message) return std::nullopt;
  BitReader bits(*message);
  const std::int32_t pictures = bits.se();
  const RecoveryPoint point{.frames = static_cast<std::uint32_t>(std::max(pictures, 0)),
                            .exact = bits.flag()};
  const bool broken_link = bits.flag();
  if (bits.failed() || broken_link || point.frames > MostFrames) return std::nullopt;
  return point;
}

}  // namespace greffe::media
