#include "codec/jpeg.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <array>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

constexpr int JpegQuantiser = 4;  // of 2 to 31

using Levels = std::array<std::uint8_t, 256>;

// From `zero` ± `reach` to the whole of a byte.
Levels stretched(int zero, int reach, int full_zero, int full_reach) {
  Levels levels{};
  for (int value = 0; value < 256; ++value) {
    const int scaled = (value - zero) * full_reach * 2;
    const int rounded = (scaled + (scaled < 0 ? -reach : reach)) / (2 * reach);
    levels[static_cast<std::size_t>(value)] =
        static_cast<std::uint8_t>(std::clamp(full_zero + rounded, 0, 255));
  }
  return levels;
}

void copy_plane(const media::PlaneView& from, const Levels* levels, std::uint8_t* to, int stride) {
  for (int row = 0; row < from.height_px; ++row) {
    const std::uint8_t* const line = from.pixels + row * from.stride;
    std::uint8_t* const out = to + std::ptrdiff_t{row} * stride;
    if (levels)
      std::transform(line, line + from.width_px, out, [&](std::uint8_t value) { return (*levels)[value]; });
    else
      std::copy(line, line + from.width_px, out);
  }
}

void copy_picture(const media::Picture& picture, AVFrame& frame) {
  static const Levels luma = stretched(16, 219, 0, 255), chroma = stretched(128, 224, 128, 255);
  const bool full = picture.full_range;
  copy_plane(picture.y, full ? nullptr : &luma, frame.data[0], frame.linesize[0]);
  copy_plane(picture.u, full ? nullptr : &chroma, frame.data[1], frame.linesize[1]);
  copy_plane(picture.v, full ? nullptr : &chroma, frame.data[2], frame.linesize[2]);
}

}  // namespace

Result<std::vector<std::uint8_t>> write_jpeg(const media::Picture& picture) {
  if (picture.matrix == media::ColourMatrix::Bt709) return fail("a JPEG has the colours of BT.601");
  const AVCodec* const jpeg = avcodec_find_encoder_by_name("mjpeg");
  if (!jpeg) return fail("libavcodec has no JPEG encoder");
  const AvContext context(avcodec_alloc_context3(jpeg));
  const AvFrame frame(av_frame_alloc());
  const AvPacket packet(av_packet_alloc());
  if (!context || !frame || !packet) return fail("out of memory");
  context->width = frame->width = picture.size.width_px;
  context->height = frame->height = picture.size.height_px;
  context->pix_fmt = AV_PIX_FMT_YUVJ420P;
  context->color_range = frame->color_range = AVCOL_RANGE_JPEG;
  frame->format = AV_PIX_FMT_YUVJ420P;
  context->time_base = {1, 25};
  context->thread_count = 1;
  context->flags |= AV_CODEC_FLAG_QSCALE | AV_CODEC_FLAG_BITEXACT;
  context->global_quality = frame->quality = JpegQuantiser * FF_QP2LAMBDA;
  if (avcodec_open2(context.get(), jpeg, nullptr) < 0 || av_frame_get_buffer(frame.get(), 0) < 0)
    return fail("no JPEG of {}x{} can be made", picture.size.width_px, picture.size.height_px);
  copy_picture(picture, *frame);
  frame->pts = 0;
  if (avcodec_send_frame(context.get(), frame.get()) < 0 ||
      avcodec_receive_packet(context.get(), packet.get()) < 0)
    return fail("the JPEG encoder refuses the picture");
  return std::vector<std::uint8_t>(packet->data, packet->data + packet->size);
}

}  // namespace greffe::codec
