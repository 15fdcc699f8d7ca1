// Whether payloads under valid RTP headers look encrypted (R37): SRTP that nobody decrypted (RFC 3711), or
// end to end. Pure.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string>

#include "media/codec_id.h"
#include "rtp/packet_source.h"

namespace greffe::depacketizer {

// Feed with the packets of one track that hold its codec, in sending order. Looks at the first 1000.
//
// Three signs, each of which chance or a clear sender does not give:
// - the first octet (Opus' TOC, the descriptors and headers of video) takes as many values as dice would
// throw,
//   where clear packets keep to a handful; of Opus the durations must contradict RTP time as well;
// - the octets of G.711 and G.722 are spread evenly, which neither speech nor noise nor silence is;
// - frames end with an initialisation vector that changes, its length (12 or 16) and a key's number: what
//   LiveKit, Jitsi and those after WebRTC's own example send when they encrypt end to end and leave codec
//   headers in the clear.
// What is encrypted end to end with clear headers and another trailer cannot be told from packets; nor can
// L16, whose octets can be anything, nor fewer than 50 packets.
class EncryptionWatch {
 public:
  explicit EncryptionWatch(media::CodecId codec);
  void see(const rtp::OrderedPacket& packet);
  // Why the track is probably encrypted, in words; nullopt when it does not look so.
  std::optional<std::string> verdict() const;

 private:
  void see_duration(const rtp::OrderedPacket& packet);
  void see_frame_end(Bytes payload);
  bool first_octets_are_dice() const;
  bool durations_contradict() const;
  bool octets_are_even() const;
  bool frames_end_with_vectors() const;

  media::CodecId codec_;
  int packets_ = 0;
  std::array<std::uint32_t, 256> first_octets_{};
  std::array<std::uint32_t, 256> octets_{};  // of G.711 and G.722

  // Opus: neighbouring packets whose times do not fit what the first of them holds.
  std::optional<std::int64_t> next_sequence_;
  std::int64_t next_ticks_ = 0;
  int steps_ = 0;
  int contradictions_ = 0;

  // Ends of frames: packets of sound, last packets of pictures.
  int frames_ = 0;
  int vectors_ = 0;       // end like a vector, other than the one before
  std::uint8_t key_ = 0;  // of the last such frame
  std::array<std::uint8_t, 16> vector_{};
};

}  // namespace greffe::depacketizer
