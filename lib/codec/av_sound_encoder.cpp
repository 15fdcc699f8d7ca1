#include "codec/av_sound_encoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <cmath>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

constexpr int Rate = 48'000;
constexpr int Channels = 2;
// 96 ms, the longest of FLAC's streamable subset (RFC 9639 §7): whole milliseconds, as Matroska counts.
constexpr int FlacBlock = 4608;

class AvSoundEncoder final : public SoundEncoder {
 public:
  AvSoundEncoder(AvContext context, AvPacket packet, AvFrame frame)
      : context_(std::move(context)),
        packet_(std::move(packet)),
        frame_(std::move(frame)),
        next_first_(-context_->initial_padding) {}

  int lookahead() const override { return context_->initial_padding; }
  std::vector<std::uint8_t> codec_private() const override {
    return {context_->extradata, context_->extradata + context_->extradata_size};
  }
  Result<std::vector<SoundFrame>> encode(std::span<const float> stereo) override;
  Result<std::vector<SoundFrame>> finish() override;

 private:
  bool is_flac() const { return context_->codec_id == AV_CODEC_ID_FLAC; }
  Status fill(const float* stereo, int length);
  Status send(const AVFrame* frame, std::vector<SoundFrame>& packets);
  Status send_samples(const float* stereo, int length, std::vector<SoundFrame>& packets);

  AvContext context_;
  AvPacket packet_;
  AvFrame frame_;
  std::int64_t taken_ = 0;       // input samples so far, padding not counted
  std::int64_t next_first_ = 0;  // of the next packet
  std::vector<float> waiting_;   // less than a frame
};

// Into planes for AAC; for FLAC 24 bits, in the upper part of 32.
Status AvSoundEncoder::fill(const float* stereo, int length) {
  av_frame_unref(frame_.get());
  frame_->format = context_->sample_fmt;
  frame_->nb_samples = length;
  frame_->sample_rate = Rate;
  av_channel_layout_default(&frame_->ch_layout, Channels);
  if (av_frame_get_buffer(frame_.get(), 0) < 0) return fail("out of memory");
  const auto samples = static_cast<std::size_t>(length) * Channels;
  if (is_flac()) {
    auto* const to = reinterpret_cast<std::int32_t*>(frame_->data[0]);
    constexpr float Full = 8'388'607;
    for (std::size_t i = 0; i < samples; ++i)
      to[i] = static_cast<std::int32_t>(std::lrintf(std::clamp(stereo[i], -1.0F, 1.0F) * Full)) * 256;
    return {};
  }
  for (std::size_t i = 0; i < samples; ++i)
    reinterpret_cast<float*>(frame_->data[i % Channels])[i / Channels] = stereo[i];
  return {};
}

Status AvSoundEncoder::send(const AVFrame* frame, std::vector<SoundFrame>& packets) {
  if (avcodec_send_frame(context_.get(), frame) < 0)
    return fail("{} encoder: does not encode", context_->codec->name);
  while (true) {
    const int code = avcodec_receive_packet(context_.get(), packet_.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return fail("{} encoder: does not encode", context_->codec->name);
    // FLAC's last packet says what all were (a new STREAMINFO) and is empty.
    if (packet_->size > 0) {
      const int length =
          is_flac() ? static_cast<int>(std::min<std::int64_t>(context_->frame_size, taken_ - next_first_))
                    : context_->frame_size;
      packets.push_back({next_first_, length, {packet_->data, packet_->data + packet_->size}});
      next_first_ += length;
    }
    av_packet_unref(packet_.get());
  }
}

Status AvSoundEncoder::send_samples(const float* stereo, int length, std::vector<SoundFrame>& packets) {
  GREFFE_CHECK(fill(stereo, length));
  return send(frame_.get(), packets);
}

Result<std::vector<SoundFrame>> AvSoundEncoder::encode(std::span<const float> stereo) {
  taken_ += static_cast<std::int64_t>(stereo.size() / Channels);
  waiting_.insert(waiting_.end(), stereo.begin(), stereo.end());
  const auto step = static_cast<std::size_t>(context_->frame_size) * Channels;
  std::vector<SoundFrame> packets;
  std::size_t used = 0;
  for (; waiting_.size() - used >= step; used += step)
    GREFFE_CHECK(send_samples(waiting_.data() + used, context_->frame_size, packets));
  waiting_.erase(waiting_.begin(), waiting_.begin() + static_cast<std::ptrdiff_t>(used));
  return packets;
}

Result<std::vector<SoundFrame>> AvSoundEncoder::finish() {
  std::vector<SoundFrame> packets;
  const bool some = !waiting_.empty();
  // FLAC's last block may be short, AAC's frames are all of one length.
  if (!is_flac()) waiting_.resize(static_cast<std::size_t>(context_->frame_size) * Channels);
  if (some)
    GREFFE_CHECK(send_samples(waiting_.data(), static_cast<int>(waiting_.size() / Channels), packets));
  GREFFE_CHECK(send(nullptr, packets));
  // What begins after the end has nothing in it.
  std::erase_if(packets, [&](const SoundFrame& packet) { return packet.first_sample >= taken_; });
  return packets;
}

}  // namespace

Result<std::unique_ptr<SoundEncoder>> make_av_sound_encoder(media::CodecId codec, int bitrate_bps) {
  const bool flac = codec == media::CodecId::Flac;
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* const encoder = avcodec_find_encoder_by_name(flac ? "flac" : "aac");
  const std::string_view name = media::facts_of(codec).name;
  if (!encoder) return fail("libavcodec does not encode {}", name);
  AvContext context(avcodec_alloc_context3(encoder));
  AvPacket packet(av_packet_alloc());
  AvFrame frame(av_frame_alloc());
  if (!context || !packet || !frame) return fail("{} encoder: out of memory", name);
  context->sample_rate = Rate;
  av_channel_layout_default(&context->ch_layout, Channels);
  context->sample_fmt = flac ? AV_SAMPLE_FMT_S32 : AV_SAMPLE_FMT_FLTP;
  context->bits_per_raw_sample = flac ? 24 : 0;
  context->frame_size = flac ? FlacBlock : 0;
  context->bit_rate = bitrate_bps;
  context->time_base = {1, Rate};
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_GLOBAL_HEADER | AV_CODEC_FLAG_BITEXACT;
  if (avcodec_open2(context.get(), encoder, nullptr) < 0)
    return fail("{} encoder: {} bit/s refused", name, bitrate_bps);
  return std::make_unique<AvSoundEncoder>(std::move(context), std::move(packet), std::move(frame));
}

}  // namespace greffe::codec
