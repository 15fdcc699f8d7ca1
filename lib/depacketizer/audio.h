// Audio codecs whose packets are frames: Opus (RFC 7587), PCMU, PCMA, G.722 and L16 (RFC 3551 §4.5).
#pragma once

#include "depacketizer/depacketizer.h"
#include "depacketizer/payload_filter.h"

namespace greffe::depacketizer {

// The sound in a payload.
struct SoundPayload {
  Bytes bytes;                      // what a decoder takes: all, or all but a last odd octet
  std::int64_t duration_ticks = 0;  // of the RTP clock
};

// RFC 3389 §3: the level, then any number of reflection coefficients, of which the first 32 count. nullopt
// for an empty payload.
std::optional<media::ComfortNoise> read_comfort_noise(Bytes payload);

// Fails when the payload is malformed.
using ReadPayload = Result<SoundPayload> (*)(Bytes payload, const media::AudioFormat& format);

// Lengths from the TOC octet: DTX and 2.5 to 120 ms (R27).
Result<SoundPayload> read_opus(Bytes payload, const media::AudioFormat& format);
Result<SoundPayload> read_multi_opus(Bytes payload, const media::AudioFormat& format);
// One octet a sample at 8 kHz (PCMU, PCMA); for G.722 one octet is two samples at 16 kHz and still one tick,
// since its RTP clock is 8 kHz by an old mistake that RFC 3551 §4.5.2 keeps (R24). With a clock of 16 kHz, of
// senders that do not know of it, an octet is two ticks.
Result<SoundPayload> read_octets(Bytes payload, const media::AudioFormat& format);
// Two octets a sample and channel, the clock is the sample rate; part of a sample at the end is left out
// (R25).
Result<SoundPayload> read_l16(Bytes payload, const media::AudioFormat& format);

// How long the sound in a payload lasts, in ticks of the codec's RTP clock; 0 where it cannot be read, or is
// none of these codecs'.
std::int64_t duration_of(Bytes payload, const media::AudioFormat& format);

// One packet, one frame. Where an octet is a tick, RTP time that steady runs twice as fast is told as damage
// "clock-doubled": some senders of G.722 count at 16 kHz (R24). A payload that `read` refuses is damage
// "frame-malformed" and left out (R28), a cut packet is "frame-hole", octets beyond the last whole sample are
// "odd-octets" (R25); what does not come is a gap that the RTP times show.
class AudioDepacketizer final : public Depacketizer {
 public:
  AudioDepacketizer(media::CodecId codec, ReadPayload read, rtp::PacketSource& packets, Options options,
                    DamageLog& damage);
  Result<std::optional<FrameInTrack>> next() override;

 private:
  std::optional<FrameInTrack> take(const rtp::OrderedPacket& packet);
  void check_clock(const rtp::OrderedPacket& packet, std::int64_t duration);
  void note_odd_octets(const rtp::OrderedPacket& packet, std::size_t octets);
  bool is_comfort_noise(const rtp::OrderedPacket& packet) const;
  void note_comfort_noise(const rtp::OrderedPacket& packet);
  void drop(const rtp::OrderedPacket& packet, std::string_view condition, std::string_view why);

  ReadPayload read_;
  rtp::PacketSource& packets_;
  Options options_;
  DamageLog& damage_;
  PayloadFilter filter_;
  std::optional<std::uint32_t> segment_;
  bool dropped_ = false;
  bool comfort_noise_ = false;        // came since the last frame
  std::vector<NoiseInTrack> noises_;  // where it changed since then
  std::optional<NoiseInTrack> last_noise_;

  // The packet before, to see whether RTP time moves as fast as the octets say.
  std::int64_t last_sequence_ = 0;
  std::int64_t last_ticks_ = 0;
  std::int64_t last_duration_ = 0;
  int doubled_ = 0;  // steps in a row that were twice the duration
};

}  // namespace greffe::depacketizer
