// Extra header fields of RTP packets (RFC 8285) and what the ones greffe reads say.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "rtp/packet.h"

namespace greffe::rtp {

// One element of an extension block. `id` is what the session agreed on (extmap), never a fixed number.
struct HeaderExtension {
  int id = 0;  // 1…14 in the one-byte form, 1…255 in the two-byte form
  Bytes bytes;  // 1…16 in the one-byte form, 0…255 in the two-byte form; lives as long as the packet's bytes
};

// Walks the elements of one packet. Ends, without failing, at the end of the block, at an element that runs
// past it (R16) and, in the one-byte form, at id 15 or at id 0 with a length (RFC 8285 §4.2). Blocks of other
// profiles have no elements.
class HeaderExtensions {
 public:
  explicit HeaderExtensions(const RtpPacket& packet);
  std::optional<HeaderExtension> next();

 private:
  enum class Form : std::uint8_t { None, OneByte, TwoByte };
  std::optional<HeaderExtension> next_one_byte();
  std::optional<HeaderExtension> next_two_byte();
  std::optional<HeaderExtension> element(int id, std::size_t length);

  ByteReader reader_;
  Form form_ = Form::None;
};

// The first element with this id, or nullopt.
std::optional<Bytes> find_extension(const RtpPacket& packet, int id);

// RFC 6464 §3 (one source) and, element by element, RFC 6465 §3 (contributing sources).
struct AudioLevel {
  bool voice = false;      // V: the sender takes it for speech; many never set it
  std::uint8_t level = 0;  // in -dBov: 0 loudest … 127 silence
};
std::optional<AudioLevel> audio_level_of(Bytes bytes);

// 3GPP TS 26.114 §7.4.5: 0 0 0 0 C F R1 R0.
struct VideoOrientation {
  bool back_camera = false;        // C
  bool flip = false;               // F: mirrored left to right
  std::uint16_t rotation_deg = 0;  // R1 R0: clockwise turn that makes the picture upright
};
std::optional<VideoOrientation> video_orientation_of(Bytes bytes);

// abs-capture-time: when the first sample was captured, by the capturer's NTP clock; 8 or 16 bytes.
struct AbsoluteCaptureTime {
  NtpTime captured;
  // Estimated capturer's clock minus sender's clock, in 2^-32 s; absent in the 8-byte form.
  std::optional<std::int64_t> clock_offset;
};
std::optional<AbsoluteCaptureTime> absolute_capture_time_of(Bytes bytes);

// abs-send-time: the sender's clock in seconds modulo 64, as 6.18 fixed point (in 2^-18 s).
std::optional<std::uint32_t> absolute_send_time_of(Bytes bytes);

// A short name for a known extension URI ("audio-level"), or nullopt.
std::optional<std::string_view> find_extension_name(std::string_view uri);

namespace uri {
constexpr std::string_view StreamId = "urn:ietf:params:rtp-hdrext:sdes:rtp-stream-id";  // RFC 8852: "rid"
constexpr std::string_view RepairedStreamId = "urn:ietf:params:rtp-hdrext:sdes:repaired-rtp-stream-id";
constexpr std::string_view AudioLevel = "urn:ietf:params:rtp-hdrext:ssrc-audio-level";
constexpr std::string_view VideoOrientation = "urn:3gpp:video-orientation";
constexpr std::string_view DependencyDescriptor =
    "https://aomediacodec.github.io/av1-rtp-spec/#dependency-descriptor-rtp-header-extension";
constexpr std::string_view AbsoluteCaptureTime =
    "http://www.webrtc.org/experiments/rtp-hdrext/abs-capture-time";
constexpr std::string_view AbsoluteSendTime = "http://www.webrtc.org/experiments/rtp-hdrext/abs-send-time";
}  // namespace uri

}  // namespace greffe::rtp
