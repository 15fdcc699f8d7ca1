#include "depacketizer/audio.h"

#include "depacketizer/opus_packet.h"
#include "rtp/header_extension.h"

namespace greffe::depacketizer {

namespace {

// Of a sender of G.722, by what is known of its track.
bool counts_samples(const media::AudioFormat& format) {
  return format.codec == media::CodecId::G722 && format.clock.hz == 16'000;
}

}  // namespace

Result<SoundPayload> read_opus(Bytes payload, const media::AudioFormat&) {
  GREFFE_TRY(const OpusPacket packet, parse_opus_packet(payload));
  return SoundPayload{payload, packet.duration_ticks};
}

Result<SoundPayload> read_multi_opus(Bytes payload, const media::AudioFormat& format) {
  GREFFE_TRY(const OpusPacket packet,
             parse_opus_streams(payload, format.mapping ? format.mapping->streams : 1));
  return SoundPayload{payload, packet.duration_ticks};
}

Result<SoundPayload> read_octets(Bytes payload, const media::AudioFormat& format) {
  return SoundPayload{payload, static_cast<std::int64_t>(payload.size()) * (counts_samples(format) ? 2 : 1)};
}

Result<SoundPayload> read_l16(Bytes payload, const media::AudioFormat& format) {
  const std::size_t octets = 2 * static_cast<std::size_t>(format.channels);
  const std::size_t samples = payload.size() / octets;
  if (samples == 0) return fail("{} bytes are no sample of {} channel(s)", payload.size(), format.channels);
  return SoundPayload{payload.first(samples * octets), static_cast<std::int64_t>(samples)};
}

std::int64_t duration_of(Bytes payload, const media::AudioFormat& format) {
  const auto read = [&]() -> Result<SoundPayload> {
    switch (format.codec) {
      case media::CodecId::Opus: return read_opus(payload, format);
      case media::CodecId::MultiOpus: return read_multi_opus(payload, format);
      case media::CodecId::Pcmu:
      case media::CodecId::Pcma:
      case media::CodecId::G722: return read_octets(payload, format);
      case media::CodecId::L16: return read_l16(payload, format);
      default: return SoundPayload{};
    }
  }();
  return read ? read->duration_ticks : 0;
}

std::optional<media::ComfortNoise> read_comfort_noise(Bytes payload) {
  constexpr std::size_t MostCoefficients = 32;
  if (payload.empty()) return std::nullopt;
  const Bytes reflection = payload.subspan(1, std::min(payload.size() - 1, MostCoefficients));
  return media::ComfortNoise{.level = static_cast<std::uint8_t>(payload[0] & 0x7F),
                             .reflection = {reflection.begin(), reflection.end()}};
}

AudioDepacketizer::AudioDepacketizer(media::CodecId codec, ReadPayload read, rtp::PacketSource& packets,
                                     Options options, DamageLog& damage)
    : read_(read),
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
  if (is_comfort_noise(packet)) note_comfort_noise(packet);
  if (!filter_.holds_media(packet)) return std::nullopt;
  if (packet.cut) {
    drop(packet, "frame-hole", "is not whole, or its RTP time is wrong");
    return std::nullopt;
  }
  const auto sound = read_(packet.packet.payload, options_.audio);
  if (!sound) {
    drop(packet, "frame-malformed", sound.error().message());
    return std::nullopt;
  }
  if (read_ == read_octets) check_clock(packet, sound->duration_ticks);
  const std::size_t odd = packet.packet.payload.size() - sound->bytes.size();
  if (odd > 0) note_odd_octets(packet, odd);
  FrameInTrack given{.segment = segment_.value_or(0),
                     .first_arrival = packet.arrival,
                     .last_arrival = packet.arrival,
                     .after_damage = std::exchange(dropped_, false),
                     .comfort_noise = std::exchange(noises_, {}),
                     .after_comfort_noise = std::exchange(comfort_noise_, false)};
  given.frame.ticks = packet.ticks;
  given.frame.duration_ticks = sound->duration_ticks;
  given.frame.bytes.assign(sound->bytes.begin(), sound->bytes.end());
  if (options_.extensions.audio_level) {
    const auto bytes = rtp::find_extension(packet.packet, *options_.extensions.audio_level);
    if (const auto level = bytes ? rtp::audio_level_of(*bytes) : std::nullopt)
      given.frame.audio_level = level->level;
  }
  return given;
}

void AudioDepacketizer::note_comfort_noise(const rtp::OrderedPacket& packet) {
  comfort_noise_ = true;
  const auto noise = packet.cut ? std::nullopt : read_comfort_noise(packet.packet.payload);
  if (!noise || (last_noise_ && last_noise_->noise == *noise)) return;
  // Ten changes a second are heard as well as more.
  const std::uint32_t segment = segment_.value_or(0);
  if (last_noise_ && last_noise_->segment == segment &&
      packet.ticks - last_noise_->ticks < options_.audio.clock.hz / 10)
    return;
  last_noise_ = NoiseInTrack{.segment = segment, .ticks = packet.ticks, .noise = *noise};
  noises_.push_back(*last_noise_);
}

void AudioDepacketizer::check_clock(const rtp::OrderedPacket& packet, std::int64_t duration) {
  constexpr int InARow = 50;
  const bool follows = !packet.starts_segment && packet.sequence == last_sequence_ + 1;
  const bool doubled = follows && packet.ticks - last_ticks_ == 2 * last_duration_;
  doubled_ = doubled || counts_samples(options_.audio) ? doubled_ + 1 : 0;
  last_sequence_ = packet.sequence;
  last_ticks_ = packet.ticks;
  last_duration_ = duration;
  if (doubled_ != InARow) return;
  damage_.add(
      {.condition = "clock-doubled",
       .place = options_.place,
       .unit = "packets",
       .position = as_sent<std::uint32_t>(packet.ticks),
       .amount = InARow,
       .text = "RTP time moves two ticks an octet, not one: the sender counts samples, not its RTP clock"});
}

void AudioDepacketizer::note_odd_octets(const rtp::OrderedPacket& packet, std::size_t octets) {
  damage_.add({.condition = "odd-octets",
               .place = options_.place,
               .unit = "bytes",
               .position = as_sent<std::uint32_t>(packet.ticks),
               .amount = octets,
               .text = fmt::format("packet {}: {} byte(s) behind the last whole sample: left out",
                                   packet.packet.sequence.value, octets)});
}

bool AudioDepacketizer::is_comfort_noise(const rtp::OrderedPacket& packet) const {
  const auto known = options_.payload_types.find(packet.packet.payload_type);
  return known != options_.payload_types.end() && known->second == media::CodecId::ComfortNoise;
}

void AudioDepacketizer::drop(const rtp::OrderedPacket& packet, std::string_view condition,
                             std::string_view why) {
  dropped_ = true;
  damage_.add({.condition = condition,
               .place = options_.place,
               .unit = "frames",
               .position = as_sent<std::uint32_t>(packet.ticks),
               .text = fmt::format("packet {} at RTP time {}: {}", packet.packet.sequence.value,
                                   packet.packet.timestamp.value, why)});
}

}  // namespace greffe::depacketizer
