// Payloads of ordered packets → coded frames. One file per codec, listed in the table of make_depacketizer.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "media/audio_format.h"
#include "media/coded_frame.h"
#include "media/comfort_noise.h"
#include "rtp/packet_source.h"

namespace greffe::depacketizer {

// From a time on, silence sounds like this.
struct NoiseInTrack {
  std::uint32_t segment = 0;
  std::int64_t ticks = 0;
  media::ComfortNoise noise;
};

// A frame and what is around it.
struct FrameInTrack {
  media::CodedFrame frame;
  std::uint32_t segment = 0;    // counts OrderedPacket::starts_segment
  ArrivalTime first_arrival{};  // of its first packet
  ArrivalTime last_arrival{};
  bool after_damage = false;                // frames were dropped between the one before and this one
  std::vector<NoiseInTrack> comfort_noise;  // where it changed between them
  bool after_comfort_noise = false;  // between them the sender said what its silence sounds like (RFC 3389)
};

class Depacketizer {
 public:
  virtual ~Depacketizer() = default;
  // The next whole frame that can be decoded, or nullopt at the end. What is not whole, or refers to what is
  // lost, goes to the damage log with its place and is not given out.
  virtual Result<std::optional<FrameInTrack>> next() = 0;
  // What a Matroska file says of the codec ahead of all frames (CodecPrivate: avcC, hvcC, av1C, …). Empty for
  // codecs that need none. Does not change any more once next() has given the first frame.
  virtual std::vector<std::uint8_t> codec_private() const { return {}; }
};

// Header extensions a depacketizer looks at, by the ids of this track's extmap; nullopt: not negotiated.
struct ExtensionIds {
  std::optional<int> audio_level;        // RFC 6464
  std::optional<int> video_orientation;  // 3GPP TS 26.114
  std::optional<int> dependencies;       // dependency descriptor of AV1
};

struct Options {
  std::string place;  // names the track in damage
  ExtensionIds extensions;
  // What each payload type of the track holds. Other types are counted as damage "unknown-payload-type" and
  // dropped (R13); telephone-event, comfort noise and what is left of redundancy are left out in silence, the
  // audio clock goes on (R22, R23).
  std::map<PayloadType, media::CodecId> payload_types;
  std::set<media::CodecId> elsewhere;  // of them, those that another track takes: left out in silence, too
  // SDP's a=fmtp of the codec's payload type, without the type; may be empty. H.264 and H.265 have parameter
  // sets there (R30).
  std::string format_parameters;
  media::AudioFormat audio;  // of sound: what L16 and multi-channel Opus cannot be unpacked without
};

// For a codec that facts_of() calls supported; fails for others, naming them. `packets` and `damage` must
// outlive it.
Result<std::unique_ptr<Depacketizer>> make_depacketizer(media::CodecId codec, rtp::PacketSource& packets,
                                                        Options options, DamageLog& damage);

}  // namespace greffe::depacketizer
