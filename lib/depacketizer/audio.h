// Audio codecs whose packets are frames: Opus (RFC 7587), PCMU, PCMA and G.722 (RFC 3551 §4.5).
#pragma once

#include "depacketizer/depacketizer.h"
#include "depacketizer/payload_filter.h"

namespace greffe::depacketizer {

// How long a payload lasts, in ticks of its RTP clock; fails when it is malformed.
using PayloadDuration = Result<std::int64_t> (*)(Bytes payload);

Result<std::int64_t> opus_duration(Bytes payload);  // from the TOC octet: DTX and 2.5 to 120 ms (R27)
// One octet a sample at 8 kHz (PCMU, PCMA); for G.722 one octet is two samples at 16 kHz and still one tick,
// since its RTP clock is 8 kHz by an old mistake that RFC 3551 §4.5.2 keeps (R24).
Result<std::int64_t> one_octet_per_tick(Bytes payload);

// One packet, one frame. Where an octet is a tick, RTP time that steady runs twice as fast is told as damage
// "clock-doubled": some senders of G.722 count at 16 kHz (R24). A payload that `duration` refuses is damage
// "frame-malformed" and left out (R28), a cut packet is "frame-hole"; what does not come is a gap that the
// RTP times show.
class AudioDepacketizer final : public Depacketizer {
 public:
  AudioDepacketizer(media::CodecId codec, PayloadDuration duration, rtp::PacketSource& packets,
                    Options options, DamageLog& damage);
  Result<std::optional<FrameInTrack>> next() override;

 private:
  std::optional<FrameInTrack> take(const rtp::OrderedPacket& packet);
  void check_clock(const rtp::OrderedPacket& packet, std::int64_t duration);
  void drop(const rtp::OrderedPacket& packet, std::string_view condition, std::string_view why);

  PayloadDuration duration_;
  rtp::PacketSource& packets_;
  Options options_;
  DamageLog& damage_;
  PayloadFilter filter_;
  std::optional<std::uint32_t> segment_;
  bool dropped_ = false;

  // The packet before, to see whether RTP time moves as fast as the octets say.
  std::int64_t last_sequence_ = 0;
  std::int64_t last_ticks_ = 0;
  std::int64_t last_duration_ = 0;
  int doubled_ = 0;  // steps in a row that were twice the duration
};

}  // namespace greffe::depacketizer
