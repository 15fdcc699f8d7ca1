#include "rtp/header_extension.h"

#include <algorithm>
#include <array>

namespace greffe::rtp {
namespace {

struct KnownExtension {
  std::string_view uri;
  std::string_view name;
};

constexpr std::array KnownExtensions{
    KnownExtension{uri::AudioLevel, "audio-level"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:csrc-audio-level", "csrc-audio-level"},
    KnownExtension{uri::VideoOrientation, "video-orientation"},
    KnownExtension{uri::AbsoluteCaptureTime, "abs-capture-time"},
    KnownExtension{uri::AbsoluteSendTime, "abs-send-time"},
    KnownExtension{"http://www.ietf.org/id/draft-holmer-rmcat-transport-wide-cc-extensions-01",
                   "transport-cc"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/transport-wide-cc-02", "transport-cc-2"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:toffset", "toffset"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:sdes:mid", "mid"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id", "rtp-stream-id"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id", "repaired-rtp-stream-id"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:framemarking", "frame-marking"},
    KnownExtension{"urn:ietf:params:rtp-hdrext:encrypt", "encrypted"},
    KnownExtension{uri::DependencyDescriptor, "dependency-descriptor"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/video-content-type", "video-content-type"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/video-layers-allocation00",
                   "video-layers-allocation"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/video-timing", "video-timing"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/color-space", "color-space"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/playout-delay", "playout-delay"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/inband-cn", "inband-cn"},
    KnownExtension{"http://www.webrtc.org/experiments/rtp-hdrext/corruption-detection",
                   "corruption-detection"},
};

}  // namespace

// RFC 8285 §4.2 and §4.3: the low 4 bits of the two-byte profile are the application's own.
HeaderExtensions::HeaderExtensions(const RtpPacket& packet) : reader_(packet.extension) {
  if (packet.extension_profile == 0xBEDE) form_ = Form::OneByte;
  if ((packet.extension_profile & 0xFFF0) == 0x1000) form_ = Form::TwoByte;
}

std::optional<HeaderExtension> HeaderExtensions::next() {
  switch (form_) {
    case Form::OneByte: return next_one_byte();
    case Form::TwoByte: return next_two_byte();
    case Form::None: break;
  }
  return std::nullopt;
}

//    0 1 2 3 4 5 6 7
//   +-+-+-+-+-+-+-+-+
//   |  ID   |  len  |  then len + 1 bytes; ID 0 with len 0 is one byte of padding
//   +-+-+-+-+-+-+-+-+
std::optional<HeaderExtension> HeaderExtensions::next_one_byte() {
  while (reader_.remaining() > 0) {
    const std::uint8_t head = reader_.u8();
    if (head == 0) continue;
    const int id = head >> 4;
    if (id == 0 || id == 15) break;
    return element(id, std::size_t{head & 0x0fu} + 1);
  }
  form_ = Form::None;
  return std::nullopt;
}

//    0                   1
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   |       ID      |     length    |  then length bytes; ID 0 is one byte of padding, without a length
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
std::optional<HeaderExtension> HeaderExtensions::next_two_byte() {
  while (reader_.remaining() > 0) {
    const int id = reader_.u8();
    if (id == 0) continue;
    return element(id, reader_.u8());
  }
  form_ = Form::None;
  return std::nullopt;
}

std::optional<HeaderExtension> HeaderExtensions::element(int id, std::size_t length) {
  const Bytes bytes = reader_.take(length);
  if (!reader_.failed()) return HeaderExtension{.id = id, .bytes = bytes};
  form_ = Form::None;
  return std::nullopt;
}

std::optional<Bytes> find_extension(const RtpPacket& packet, int id) {
  HeaderExtensions extensions(packet);
  while (const auto extension = extensions.next())
    if (extension->id == id) return extension->bytes;
  return std::nullopt;
}

std::optional<AudioLevel> audio_level_of(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  return AudioLevel{.voice = (bytes[0] & 0x80) != 0, .level = static_cast<std::uint8_t>(bytes[0] & 0x7f)};
}

std::optional<VideoOrientation> video_orientation_of(Bytes bytes) {
  if (bytes.empty()) return std::nullopt;
  return VideoOrientation{.back_camera = (bytes[0] & 0x08) != 0,
                          .flip = (bytes[0] & 0x04) != 0,
                          .rotation_deg = static_cast<std::uint16_t>((bytes[0] & 0x03) * 90)};
}

std::optional<AbsoluteCaptureTime> absolute_capture_time_of(Bytes bytes) {
  ByteReader reader(bytes);
  AbsoluteCaptureTime time;
  time.captured.seconds = reader.u32();
  time.captured.fraction = reader.u32();
  if (reader.failed()) return std::nullopt;
  if (reader.remaining() >= 8) time.clock_offset = static_cast<std::int64_t>(reader.u64());
  return time;
}

std::optional<std::uint32_t> absolute_send_time_of(Bytes bytes) {
  ByteReader reader(bytes);
  const std::uint32_t time = reader.u24();
  if (reader.failed()) return std::nullopt;
  return time;
}

std::optional<std::string_view> find_extension_name(std::string_view uri) {
  const auto known = std::find_if(KnownExtensions.begin(), KnownExtensions.end(),
                                  [&](const KnownExtension& extension) { return extension.uri == uri; });
  if (known == KnownExtensions.end()) return std::nullopt;
  return known->name;
}

}  // namespace greffe::rtp
