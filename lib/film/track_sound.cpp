#include "film/track_sound.h"

#include <algorithm>

namespace greffe::film {
namespace {

// What a decoder of Opus gives lies 312 samples behind what its encoder was given: the pre-skip that files in
// Ogg and Matroska declare (RFC 7845 §4.2) and RTP does not speak of.
constexpr Duration OpusDecoderDelay = std::chrono::microseconds(6500);

// Holes up to this long are concealed, as R7 has it.
constexpr std::int64_t LongestConcealed(std::uint32_t sample_rate_hz) { return sample_rate_hz / 10; }

}  // namespace

Result<std::unique_ptr<TrackSound>> TrackSound::create(const timeline::TrackSidecar& sidecar,
                                                       PacketReader packets, DamageLog& damage,
                                                       Bytes codec_private) {
  GREFFE_TRY(auto decoder, codec::make_audio_decoder(sidecar.audio_format(), codec_private));
  const std::uint32_t clock = sidecar.clock.clock_rate.hz;
  if (clock == 0 || decoder->sample_rate_hz() % clock != 0)
    return fail(ErrorKind::Damaged, "track {}: {} with a clock of {} Hz", sidecar.track,
                media::facts_of(sidecar.codec).name, clock);
  if (sidecar.ticks.size() != sidecar.clock.segments.size())
    return fail(ErrorKind::Damaged, "track {}: {} lists of frames for {} clock segments", sidecar.track,
                sidecar.ticks.size(), sidecar.clock.segments.size());
  return std::unique_ptr<TrackSound>(new TrackSound(sidecar, std::move(packets), damage, std::move(decoder)));
}

TrackSound::TrackSound(const timeline::TrackSidecar& sidecar, PacketReader packets, DamageLog& damage,
                       std::unique_ptr<codec::AudioDecoder> decoder)
    : clock_(sidecar.clock),
      ticks_(sidecar.ticks),
      track_(sidecar.track),
      format_(sidecar.audio_format()),
      noises_(sidecar.comfort_noise),
      packets_(std::move(packets)),
      damage_(damage),
      decoder_(std::move(decoder)),
      conceals_(sidecar.codec != media::CodecId::Aac && sidecar.codec != media::CodecId::Vorbis),
      samples_per_tick_(decoder_->sample_rate_hz() / sidecar.clock.clock_rate.hz) {
  bool noise = false;  // where sound is missing beside comfort noise, that goes on
  for (auto gap = sidecar.gaps.begin(); gap != sidecar.gaps.end(); ++gap) {
    noise = noise || gap->why == "comfort-noise";
    if (std::next(gap) != sidecar.gaps.end() && std::next(gap)->range.start == gap->range.end) continue;
    if (noise) silent_until_.insert(gap->range.end);
    noise = false;
  }
  constexpr std::int64_t MostSeconds = 30 * 3600;
  noise_left_ = MostSeconds * decoder_->sample_rate_hz();
}

bool TrackSound::advance_tick() {
  while (segment_ < ticks_.size()) {
    const timeline::FrameTicks& frames = ticks_[segment_];
    if (!tick_) {
      tick_ = frames.first_tick;
      run_ = frames.runs.begin();
      in_run_ = 0;
      return true;
    }
    while (*run_ != frames.runs.end() && in_run_ >= (**run_).count) ++*run_, in_run_ = 0;
    if (*run_ != frames.runs.end()) {
      *tick_ += (**run_).step_ticks;
      ++in_run_;
      return true;
    }
    ++segment_;
    tick_.reset();
  }
  return false;
}

Result<std::optional<TrackSound::Packet>> TrackSound::read_packet() {
  GREFFE_TRY(const std::optional<Bytes> bytes, packets_());
  if (!bytes) return std::nullopt;
  if (!advance_tick()) return fail("track {}: more packets than its sidecar has times for", track_);
  return Packet{{bytes->begin(), bytes->end()}, segment_, *tick_};
}

mixer::SampleLine TrackSound::line_from(const Packet& packet) const {
  const timeline::ClockSegment& segment = clock_.segments[packet.segment];
  const Duration delay = media::is_opus(format_.codec) ? OpusDecoderDelay : Duration::zero();
  return {segment.at(packet.tick) - delay, segment.rate_ticks * samples_per_tick_, segment.rate_ns};
}

media::AudioBlock TrackSound::decoded(const Packet& packet) {
  Result<media::AudioBlock> block = decoder_->decode(packet.bytes);
  if (block) return std::move(*block);
  damage_.add({.condition = "undecodable-packet",
               .place = track_,
               .unit = "packets",
               .position = whole_ms(clock_.at(static_cast<std::uint32_t>(packet.segment), packet.tick)),
               .text = block.error().message() + " (positions in ms of the meeting)"});
  const std::size_t told = codec::samples_in(format_, packet.bytes);
  return decoder_->conceal(told > 0 ? told : decoder_->sample_rate_hz() / 50, {});
}

bool TrackSound::after_noise() const {
  return silent_until_.contains(clock_.at(static_cast<std::uint32_t>(waiting_->segment), waiting_->tick));
}

void TrackSound::turn_noise(MeetingTime time) {
  for (; next_noise_ < noises_.size() && noises_[next_noise_].at <= time; ++next_noise_)
    noise_.set(noises_[next_noise_].noise);
}

media::AudioBlock TrackSound::filling(std::size_t length) {
  if (!after_noise()) return decoder_->conceal(length, waiting_->bytes);
  turn_noise(clock_.at(static_cast<std::uint32_t>(waiting_->segment), sound_end_ / samples_per_tick_));
  std::vector<float> mono(length);
  noise_.fill(mono);
  const auto channels = static_cast<std::size_t>(decoder_->channels());
  media::AudioBlock block{decoder_->sample_rate_hz(), decoder_->channels(), {}};
  block.samples.reserve(length * channels);
  for (const float sample : mono) block.samples.insert(block.samples.end(), channels, sample);
  return block;
}

Result<std::optional<mixer::SoundPiece>> TrackSound::next() {
  while (true) {
    if (!waiting_) {
      GREFFE_TRY(waiting_, read_packet());
      if (!waiting_) return std::nullopt;
    }
    const std::int64_t start = samples(waiting_->tick);
    const std::int64_t hole = start - sound_end_;
    const std::int64_t at_once = LongestConcealed(decoder_->sample_rate_hz());
    const bool noise = hole > at_once && hole <= noise_left_ && !noises_.empty() && after_noise();
    const bool goes_on = in_sound_ && waiting_->segment == sound_segment_ && (hole <= at_once || noise);
    if (goes_on && hole > 0) {
      const std::int64_t length = std::min(hole, at_once);
      mixer::SoundPiece piece{filling(static_cast<std::size_t>(length)), {}};
      const bool abrupt = after_noise() || !conceals_;
      join_.pass(piece.block, abrupt && !after_filling_);
      after_filling_ = abrupt;
      sound_end_ += length;
      if (noise) noise_left_ -= length;
      return piece;
    }
    if (in_sound_ && waiting_->segment != sound_segment_) decoder_->reset();
    mixer::SoundPiece piece{decoded(*waiting_), {}};
    const Packet packet = std::move(*waiting_);
    waiting_.reset();
    // The first packet of Vorbis only prepares the next.
    if (!goes_on && piece.block.samples.empty()) continue;
    if (goes_on) {
      repeats_ = repeats_ || hole < 0;
      const auto repeated = std::min<std::size_t>(static_cast<std::size_t>(-hole), piece.block.length());
      auto& made = piece.block.samples;
      made.erase(made.begin(), made.begin() + static_cast<std::ptrdiff_t>(
                                                  repeated * static_cast<std::size_t>(piece.block.channels)));
    } else {
      piece.new_run = line_from(packet);
      join_.begin_run();
      in_sound_ = true;
      sound_segment_ = packet.segment;
      sound_end_ = start;
    }
    if (piece.block.samples.empty()) continue;
    join_.pass(piece.block, repeats_ || after_filling_);
    repeats_ = after_filling_ = false;
    sound_end_ += static_cast<std::int64_t>(piece.block.length());
    return piece;
  }
}

}  // namespace greffe::film
