#include "codec/flac_encoder.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/channel_layout.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
}

#include <algorithm>
#include <array>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

constexpr int FlacRate = 48'000;
constexpr int FlacChannels = 2;
constexpr int FlacBlock = 4608;  // the longest of the streamable subset, RFC 9639 §7
constexpr std::size_t StreamInfoSize = 34;

}  // namespace

struct FlacEncoder::Parts {
  AvContext context;
  AvPacket packet;
  AvFrame frame;
  std::array<std::uint8_t, StreamInfoSize> stream_info{};
  std::vector<std::int32_t> waiting;  // less than a block
  std::int64_t taken = 0;

  Status send(std::span<const std::int32_t> stereo, std::vector<std::uint8_t>& bytes);
  Status receive(std::vector<std::uint8_t>& bytes);
};

Status FlacEncoder::Parts::send(std::span<const std::int32_t> stereo, std::vector<std::uint8_t>& bytes) {
  av_frame_unref(frame.get());
  frame->format = AV_SAMPLE_FMT_S32;
  frame->nb_samples = static_cast<int>(stereo.size() / FlacChannels);
  frame->sample_rate = FlacRate;
  frame->pts = taken;
  av_channel_layout_default(&frame->ch_layout, FlacChannels);
  if (av_frame_get_buffer(frame.get(), 0) < 0) return fail("out of memory");
  auto* const to = reinterpret_cast<std::int32_t*>(frame->data[0]);
  // libavcodec wants the 24 bits in the upper part of 32.
  std::transform(stereo.begin(), stereo.end(), to, [](std::int32_t sample) { return sample * 256; });
  taken += frame->nb_samples;
  if (avcodec_send_frame(context.get(), frame.get()) < 0) return fail("FLAC encoder: does not encode");
  return receive(bytes);
}

Status FlacEncoder::Parts::receive(std::vector<std::uint8_t>& bytes) {
  while (true) {
    const int code = avcodec_receive_packet(context.get(), packet.get());
    if (code == AVERROR(EAGAIN) || code == AVERROR_EOF) return {};
    if (code < 0) return fail("FLAC encoder: does not encode");
    bytes.insert(bytes.end(), packet->data, packet->data + packet->size);
    // The last packet brings the STREAMINFO of the whole.
    std::size_t size = 0;
    const std::uint8_t* info = av_packet_get_side_data(packet.get(), AV_PKT_DATA_NEW_EXTRADATA, &size);
    if (info && size == StreamInfoSize) std::copy_n(info, size, stream_info.begin());
    av_packet_unref(packet.get());
  }
}

FlacEncoder::FlacEncoder(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
FlacEncoder::FlacEncoder(FlacEncoder&&) noexcept = default;
FlacEncoder& FlacEncoder::operator=(FlacEncoder&&) noexcept = default;
FlacEncoder::~FlacEncoder() = default;

Result<FlacEncoder> FlacEncoder::create() {
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* const flac = avcodec_find_encoder(AV_CODEC_ID_FLAC);
  if (!flac) return fail("libavcodec has no FLAC encoder");
  auto parts = std::make_unique<Parts>();
  parts->context.reset(avcodec_alloc_context3(flac));
  parts->packet.reset(av_packet_alloc());
  parts->frame.reset(av_frame_alloc());
  if (!parts->context || !parts->packet || !parts->frame) return fail("out of memory");
  AVCodecContext& context = *parts->context;
  context.sample_fmt = AV_SAMPLE_FMT_S32;
  context.bits_per_raw_sample = 24;
  context.sample_rate = FlacRate;
  context.time_base = {1, FlacRate};
  context.frame_size = FlacBlock;
  context.thread_count = 1;
  context.flags |= AV_CODEC_FLAG_BITEXACT;
  av_channel_layout_default(&context.ch_layout, FlacChannels);
  if (avcodec_open2(&context, flac, nullptr) < 0) return fail("FLAC encoder: does not open");
  if (context.extradata_size != static_cast<int>(StreamInfoSize) || context.frame_size != FlacBlock)
    return fail("FLAC encoder: not as expected");
  std::copy_n(context.extradata, StreamInfoSize, parts->stream_info.begin());
  return FlacEncoder(std::move(parts));
}

Result<std::vector<std::uint8_t>> FlacEncoder::encode(std::span<const std::int32_t> stereo) {
  std::vector<std::int32_t>& waiting = parts_->waiting;
  waiting.insert(waiting.end(), stereo.begin(), stereo.end());
  constexpr std::size_t Step = std::size_t{FlacBlock} * FlacChannels;
  std::vector<std::uint8_t> bytes;
  std::size_t used = 0;
  for (; waiting.size() - used >= Step; used += Step)
    GREFFE_CHECK(parts_->send(std::span(waiting).subspan(used, Step), bytes));
  waiting.erase(waiting.begin(), waiting.begin() + static_cast<std::ptrdiff_t>(used));
  return bytes;
}

Result<std::vector<std::uint8_t>> FlacEncoder::finish() {
  std::vector<std::uint8_t> bytes;
  if (!parts_->waiting.empty()) GREFFE_CHECK(parts_->send(parts_->waiting, bytes));
  parts_->waiting.clear();
  if (avcodec_send_frame(parts_->context.get(), nullptr) < 0) return fail("FLAC encoder: does not end");
  GREFFE_CHECK(parts_->receive(bytes));
  return bytes;
}

// RFC 9639 §8.1: "last metadata block" and type 0, then its length in 24 bits.
std::vector<std::uint8_t> FlacEncoder::head() const {
  std::vector<std::uint8_t> head{'f', 'L', 'a', 'C', 0x80, 0, 0, StreamInfoSize};
  head.insert(head.end(), parts_->stream_info.begin(), parts_->stream_info.end());
  return head;
}

}  // namespace greffe::codec
