#include "depacketizer/video_packet.h"

#include <algorithm>
#include <array>

#include "rtp/header_extension.h"

namespace greffe::depacketizer {
namespace {

constexpr int MaxSide_px = 8192;
constexpr std::int64_t MaxArea_px = 36'000'000;

constexpr std::array<std::uint8_t, 4> TrailerMagic{'L', 'K', 'T', 'S'};
constexpr std::size_t TrailerEnd = TrailerMagic.size() + 1;  // with the length before it

// Entries that fill `entries` exactly, one of which is known.
bool are_trailer_entries(Bytes entries) {
  ByteReader reader(entries);
  bool known = false;
  while (reader.remaining() > 0) {
    const auto tag = static_cast<std::uint8_t>(~reader.u8());
    const auto length = static_cast<std::uint8_t>(~reader.u8());
    reader.skip(length);
    known = known || (tag == 1 && length == 8) || (tag == 2 && length == 4);
  }
  return known && !reader.failed();
}

}  // namespace

bool is_allowed(media::PictureSize size) {
  return size.width_px > 0 && size.height_px > 0 && size.width_px <= MaxSide_px &&
         size.height_px <= MaxSide_px && size.area() <= MaxArea_px;
}

std::optional<media::Orientation> find_orientation(const rtp::RtpPacket& packet, std::optional<int> id) {
  if (!id || packet.extension.empty()) return std::nullopt;
  const auto bytes = rtp::find_extension(packet, *id);
  const auto said = bytes ? rtp::video_orientation_of(*bytes) : std::nullopt;
  if (!said) return std::nullopt;
  return media::Orientation{.rotation_deg = said->rotation_deg, .flip = said->flip};
}

Bytes without_frame_trailer(Bytes frame) {
  if (frame.size() < TrailerEnd) return frame;
  if (!std::equal(TrailerMagic.begin(), TrailerMagic.end(), frame.last(TrailerMagic.size()).begin()))
    return frame;
  const auto length = static_cast<std::uint8_t>(~frame[frame.size() - TrailerEnd]);
  if (length < TrailerEnd || length > frame.size()) return frame;
  const Bytes entries = frame.last(length).first(length - TrailerEnd);
  return are_trailer_entries(entries) ? frame.first(frame.size() - length) : frame;
}

}  // namespace greffe::depacketizer
