#include "codec/g722.h"

extern "C" {
#include <libavcodec/avcodec.h>
}

#include <cstring>

#include "codec/av_owner.h"
#include "codec/waveform_concealer.h"

namespace greffe::codec {
namespace {

constexpr std::uint32_t Rate = 16'000;

Result<AvContext> open_context() {
  const AVCodec* decoder = avcodec_find_decoder(AV_CODEC_ID_ADPCM_G722);
  AvContext context(decoder == nullptr ? nullptr : avcodec_alloc_context3(decoder));
  if (!context) return fail("G.722: this libavcodec has no decoder for it");
  context->sample_rate = static_cast<int>(Rate);
  av_channel_layout_default(&context->ch_layout, 1);
  context->thread_count = 1;
  if (avcodec_open2(context.get(), decoder, nullptr) < 0)
    return fail("G.722: libavcodec does not open its decoder");
  return context;
}

class G722Decoder final : public AudioDecoder {
 public:
  explicit G722Decoder(AvContext context)
      : context_(std::move(context)),
        packet_(av_packet_alloc()),
        frame_(av_frame_alloc()),
        concealer_(Rate) {}

  Result<media::AudioBlock> decode(Bytes bytes) override {
    if (bytes.empty() || av_new_packet(packet_.get(), static_cast<int>(bytes.size())) < 0)
      return fail(ErrorKind::Damaged, "malformed G.722 packet of {} bytes", bytes.size());
    std::memcpy(packet_->data, bytes.data(), bytes.size());
    const int sent = avcodec_send_packet(context_.get(), packet_.get());
    av_packet_unref(packet_.get());
    if (sent < 0 || avcodec_receive_frame(context_.get(), frame_.get()) < 0)
      return fail(ErrorKind::Damaged, "malformed G.722 packet of {} bytes", bytes.size());
    media::AudioBlock block{Rate, 1, std::vector<float>(static_cast<std::size_t>(frame_->nb_samples))};
    for (std::size_t i = 0; i < block.samples.size(); ++i) {
      std::int16_t sample = 0;
      std::memcpy(&sample, frame_->data[0] + 2 * i, sizeof sample);
      block.samples[i] = static_cast<float>(sample) / 32768.0F;
    }
    av_frame_unref(frame_.get());
    concealer_.heard(block.samples);
    return block;
  }
  media::AudioBlock conceal(std::size_t length, Bytes) override {
    return {Rate, 1, concealer_.conceal(length)};
  }
  // The predictors settle within a few samples of whatever they knew, so only the concealment forgets.
  void reset() override { concealer_.reset(); }
  std::uint32_t sample_rate_hz() const override { return Rate; }
  int channels() const override { return 1; }

 private:
  AvContext context_;
  AvPacket packet_;
  AvFrame frame_;
  WaveformConcealer concealer_;
};

}  // namespace

Result<std::unique_ptr<AudioDecoder>> make_g722_decoder() {
  GREFFE_TRY(AvContext context, open_context());
  return std::make_unique<G722Decoder>(std::move(context));
}

}  // namespace greffe::codec
