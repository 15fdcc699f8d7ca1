#include "codec/av_sound_decoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
}

#include <algorithm>

#include "codec/av_owner.h"
#include "codec/stereo_gains.h"

namespace greffe::codec {
namespace {

constexpr std::size_t LargestPacket = 1 << 20;

// By name, never by probing (SAFETY 4).
const AVCodec* find_sound_decoder(media::CodecId codec) {
  return avcodec_find_decoder_by_name(codec == media::CodecId::Aac ? "aac" : "vorbis");
}

StereoGains gains_of(AVChannel channel) {
  constexpr float Shared = 0.7071068F;
  switch (channel) {
    case AV_CHAN_FRONT_LEFT:
    case AV_CHAN_BACK_LEFT:
    case AV_CHAN_SIDE_LEFT:
    case AV_CHAN_FRONT_LEFT_OF_CENTER: return {1, 0};
    case AV_CHAN_FRONT_RIGHT:
    case AV_CHAN_BACK_RIGHT:
    case AV_CHAN_SIDE_RIGHT:
    case AV_CHAN_FRONT_RIGHT_OF_CENTER: return {0, 1};
    default: return {Shared, Shared};
  }
}

// One for each channel; those of a side add up to no more than 1.
std::vector<StereoGains> gains_of(const AVChannelLayout& layout) {
  std::vector<StereoGains> gains;
  StereoGains sum;
  for (int i = 0; i < layout.nb_channels; ++i) {
    gains.push_back(gains_of(av_channel_layout_channel_from_index(&layout, static_cast<unsigned>(i))));
    sum = {sum.left + gains.back().left, sum.right + gains.back().right};
  }
  const float scale = std::max({sum.left, sum.right, 1.0F});
  for (StereoGains& gain : gains) gain = {gain.left / scale, gain.right / scale};
  return gains;
}

class AvSoundDecoder final : public AudioDecoder {
 public:
  AvSoundDecoder(AvContext context, AvPacket packet, AvFrame frame, const media::AudioFormat& format)
      : context_(std::move(context)),
        packet_(std::move(packet)),
        frame_(std::move(frame)),
        rate_(format.clock.hz),
        channels_(format.channels) {}

  Result<media::AudioBlock> decode(Bytes packet) override;
  media::AudioBlock conceal(std::size_t length, Bytes) override {
    return {rate_, channels_, std::vector<float>(length * static_cast<std::size_t>(channels_))};
  }
  void reset() override { avcodec_flush_buffers(context_.get()); }
  std::uint32_t sample_rate_hz() const override { return rate_; }
  int channels() const override { return channels_; }

 private:
  Status append(media::AudioBlock& block) const;
  void append_sample(media::AudioBlock& block, const std::vector<StereoGains>& gains, std::size_t at) const;
  float sample(int channel, std::size_t at) const {
    return reinterpret_cast<const float*>(frame_->extended_data[channel])[at];
  }

  AvContext context_;
  AvPacket packet_;
  AvFrame frame_;
  std::uint32_t rate_;
  int channels_;
  std::vector<std::uint8_t> padded_;
};

Result<media::AudioBlock> AvSoundDecoder::decode(Bytes packet) {
  const char* const name = context_->codec->name;
  if (packet.empty() || packet.size() > LargestPacket)
    return fail(ErrorKind::Damaged, "{} packet of {} bytes", name, packet.size());
  padded_.assign(packet.begin(), packet.end());
  padded_.resize(packet.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
  packet_->data = padded_.data();
  packet_->size = static_cast<int>(packet.size());
  media::AudioBlock block{rate_, channels_, {}};
  if (avcodec_send_packet(context_.get(), packet_.get()) < 0)
    return fail(ErrorKind::Damaged, "malformed {} packet of {} bytes", name, packet.size());
  while (true) {
    const int code = avcodec_receive_frame(context_.get(), frame_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return block;
    if (code < 0) return fail(ErrorKind::Damaged, "malformed {} packet of {} bytes", name, packet.size());
    GREFFE_CHECK(append(block));
  }
}

void AvSoundDecoder::append_sample(media::AudioBlock& block, const std::vector<StereoGains>& gains,
                                   std::size_t at) const {
  if (gains.size() == static_cast<std::size_t>(channels_)) {
    for (int channel = 0; channel < channels_; ++channel) block.samples.push_back(sample(channel, at));
    return;
  }
  float left = 0, right = 0;
  for (std::size_t channel = 0; channel < gains.size(); ++channel) {
    const float heard = sample(static_cast<int>(channel), at);
    left += gains[channel].left * heard;
    right += gains[channel].right * heard;
  }
  if (channels_ == 1) {
    block.samples.push_back((left + right) / 2);
  } else {
    block.samples.insert(block.samples.end(), {left, right});
  }
}

// A file may name half the rate, or twice: extensions of AAC (SBR) that show in its packets only.
Status AvSoundDecoder::append(media::AudioBlock& block) const {
  const auto made = static_cast<std::uint32_t>(std::max(frame_->sample_rate, 0));
  const std::size_t take = made == 2 * rate_ ? 2 : 1;
  const std::size_t repeat = 2 * made == rate_ ? 2 : 1;
  if (frame_->format != AV_SAMPLE_FMT_FLTP || made * repeat != rate_ * take)
    return fail(ErrorKind::Damaged, "sound of {} Hz where its file says {}", made, rate_);
  const std::vector<StereoGains> gains = gains_of(frame_->ch_layout);
  for (std::size_t at = 0; at < static_cast<std::size_t>(frame_->nb_samples); at += take)
    for (std::size_t i = 0; i < repeat; ++i) append_sample(block, gains, at);
  return {};
}

}  // namespace

std::optional<MadeSound> sound_made_of_aac(Bytes packet, Bytes codec_private) {
  if (packet.empty() || packet.size() > LargestPacket) return std::nullopt;
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* const decoder = find_sound_decoder(media::CodecId::Aac);
  const AvContext context(decoder ? avcodec_alloc_context3(decoder) : nullptr);
  const AvPacket one(av_packet_alloc());
  const AvFrame frame(av_frame_alloc());
  if (!context || !one || !frame || !set_extradata(*context, codec_private)) return std::nullopt;
  context->thread_count = 1;
  std::vector<std::uint8_t> padded(packet.begin(), packet.end());
  padded.resize(packet.size() + AV_INPUT_BUFFER_PADDING_SIZE, 0);
  one->data = padded.data();
  one->size = static_cast<int>(packet.size());
  if (avcodec_open2(context.get(), decoder, nullptr) < 0 ||
      avcodec_send_packet(context.get(), one.get()) < 0 ||
      avcodec_receive_frame(context.get(), frame.get()) < 0 || frame->sample_rate <= 0)
    return std::nullopt;
  return MadeSound{static_cast<std::uint32_t>(frame->sample_rate),
                   std::clamp(frame->ch_layout.nb_channels, 1, 2)};
}

Result<std::unique_ptr<AudioDecoder>> make_av_sound_decoder(const media::AudioFormat& format,
                                                            Bytes codec_private) {
  const std::string_view name = media::facts_of(format.codec).name;
  if (format.clock.hz < 1000 || format.clock.hz > 384'000 || format.channels < 1 || format.channels > 2)
    return fail(ErrorKind::Damaged, "{} at {} Hz with {} channels", name, format.clock.hz, format.channels);
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* const decoder = find_sound_decoder(format.codec);
  if (!decoder) return fail(ErrorKind::Damaged, "libavcodec does not decode {}", name);
  AvContext context(avcodec_alloc_context3(decoder));
  AvPacket packet(av_packet_alloc());
  AvFrame frame(av_frame_alloc());
  if (!context || !packet || !frame || !set_extradata(*context, codec_private))
    return fail("{} decoder: out of memory", name);
  context->thread_count = 1;
  context->sample_rate = static_cast<int>(format.clock.hz);
  if (avcodec_open2(context.get(), decoder, nullptr) < 0)
    return fail(ErrorKind::Damaged, "{}: what its file says of it makes no decoder", name);
  return std::make_unique<AvSoundDecoder>(std::move(context), std::move(packet), std::move(frame), format);
}

}  // namespace greffe::codec
