#include "depacketizer/audio.h"

#include "depacketizer/opus_packet.h"
#include "rtp/header_extension.h"

namespace greffe::depacketizer {

Result<std::int64_t> opus_duration(Bytes payload) {
  GREFFE_TRY(const OpusPacket packet, parse_opus_packet(payload));
  return packet.duration_ticks;
}

Result<std::int64_t> one_octet_per_tick(Bytes payload) { return static_cast<std::int64_t>(payload.size()); }

AudioDepacketizer::AudioDepacketizer(media::CodecId codec, PayloadDuration duration,
                                     rtp::PacketSource& packets, Options options, DamageLog& damage)
    : duration_(duration),
      packets_(packets),
      options_(std::move(options)),
      damage_(damage),
      filter_(codec, options_, damage) {}

Result<std::optional<FrameInTrack>> AudioDepacketizer::next() {
  for (;;) {
    GREFFE_TRY(const auto packet, packets_.next());
    if (!packet) return std::nullopt;
    if (auto frame = take(*packet)) return frame;
  }
}

std::optional<FrameInTrack> AudioDepacketizer::take(const rtp::OrderedPacket& packet) {
  if (packet.starts_segment) segment_ = segment_ ? *segment_ + 1 : 0;
  if (packet.lost_before > 0) dropped_ = true;
  if (!filter_.holds_media(packet)) return std::nullopt;
  if (packet.cut) {
    drop(packet, "frame-hole", "is not whole");
    return std::nullopt;
  }
  const auto duration = duration_(packet.packet.payload);
  if (!duration) {
    drop(packet, "frame-malformed", duration.error().message());
    return std::nullopt;
  }
  if (duration_ == one_octet_per_tick) check_clock(packet, *duration);
  FrameInTrack given{.segment = segment_.value_or(0),
                     .first_arrival = packet.arrival,
                     .last_arrival = packet.arrival,
                     .after_damage = std::exchange(dropped_, false)};
  given.frame.ticks = packet.ticks;
  given.frame.duration_ticks = *duration;
  given.frame.bytes.assign(packet.packet.payload.begin(), packet.packet.payload.end());
  if (options_.extensions.audio_level) {
    const auto bytes = rtp::find_extension(packet.packet, *options_.extensions.audio_level);
    if (const auto level = bytes ? rtp::audio_level_of(*bytes) : std::nullopt)
      given.frame.audio_level = level->level;
  }
  return given;
}

void AudioDepacketizer::check_clock(const rtp::OrderedPacket& packet, std::int64_t duration) {
  constexpr int InARow = 50;
  const bool follows = !packet.starts_segment && packet.sequence == last_sequence_ + 1;
  const bool doubled = follows && packet.ticks - last_ticks_ == 2 * last_duration_;
  doubled_ = doubled ? doubled_ + 1 : 0;
  last_sequence_ = packet.sequence;
  last_ticks_ = packet.ticks;
  last_duration_ = duration;
  if (doubled_ != InARow) return;
  damage_.add(
      {.condition = "clock-doubled",
       .place = options_.place,
       .unit = "packets",
       .position = packet.ticks,
       .amount = InARow,
       .text = "RTP time moves two ticks an octet, not one: the sender counts samples, not its RTP clock"});
}

void AudioDepacketizer::drop(const rtp::OrderedPacket& packet, std::string_view condition,
                             std::string_view why) {
  dropped_ = true;
  damage_.add({.condition = condition,
               .place = options_.place,
               .unit = "frames",
               .position = packet.ticks,
               .text = fmt::format("packet {} at RTP time {}: {}", packet.packet.sequence.value,
                                   packet.packet.timestamp.value, why)});
}

}  // namespace greffe::depacketizer
