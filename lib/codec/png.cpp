#include "codec/png.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

#include <algorithm>
#include <array>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

// Y'CbCr to R'G'B' in 16.16 fixed point (ITU-R BT.601-7 §2.5, BT.709-6 §3).
struct Conversion {
  int y_zero, y, r_v, g_u, g_v, b_u;
};
constexpr Conversion conversion_of(double kr, double kb, bool full_range) {
  const double kg = 1 - kr - kb;
  const double luma = full_range ? 1.0 : 255.0 / 219.0, chroma = full_range ? 1.0 : 255.0 / 224.0;
  const auto fixed = [](double value) { return static_cast<int>(value * 65536 + 0.5); };
  return {full_range ? 0 : 16,
          fixed(luma),
          fixed(2 * (1 - kr) * chroma),
          fixed(2 * (1 - kb) * kb / kg * chroma),
          fixed(2 * (1 - kr) * kr / kg * chroma),
          fixed(2 * (1 - kb) * chroma)};
}

Conversion conversion_for(const media::Picture& picture) {
  return picture.matrix == media::ColourMatrix::Bt709 ? conversion_of(0.2126, 0.0722, picture.full_range)
                                                      : conversion_of(0.299, 0.114, picture.full_range);
}

std::uint8_t byte_of(int fixed) {
  return static_cast<std::uint8_t>(std::clamp((fixed + 32'768) >> 16, 0, 255));
}

std::uint8_t sample(const media::PlaneView& plane, int x, int y) {
  return plane.pixels[y * plane.stride + x];
}

void convert_row(const media::Picture& picture, const Conversion& by, int row, std::uint8_t* rgb) {
  for (int x = 0; x < picture.size.width_px; ++x) {
    const int y = (sample(picture.y, x, row) - by.y_zero) * by.y;
    const int u = sample(picture.u, x / 2, row / 2) - 128, v = sample(picture.v, x / 2, row / 2) - 128;
    *rgb++ = byte_of(y + by.r_v * v);
    *rgb++ = byte_of(y - by.g_u * u - by.g_v * v);
    *rgb++ = byte_of(y + by.b_u * u);
  }
}

}  // namespace

Result<std::vector<std::uint8_t>> write_png(const media::Picture& picture) {
  const AVCodec* const png = avcodec_find_encoder_by_name("png");
  if (!png) return fail("libavcodec has no PNG encoder");
  const AvContext context(avcodec_alloc_context3(png));
  const AvFrame frame(av_frame_alloc());
  const AvPacket packet(av_packet_alloc());
  if (!context || !frame || !packet) return fail("out of memory");
  context->width = frame->width = picture.size.width_px;
  context->height = frame->height = picture.size.height_px;
  context->pix_fmt = AV_PIX_FMT_RGB24;
  frame->format = AV_PIX_FMT_RGB24;
  context->time_base = {1, 1};
  context->thread_count = 1;
  if (avcodec_open2(context.get(), png, nullptr) < 0 || av_frame_get_buffer(frame.get(), 0) < 0)
    return fail("no PNG of {}x{} can be made", picture.size.width_px, picture.size.height_px);
  const Conversion conversion = conversion_for(picture);
  for (int row = 0; row < picture.size.height_px; ++row)
    convert_row(picture, conversion, row, frame->data[0] + std::ptrdiff_t{row} * frame->linesize[0]);
  if (avcodec_send_frame(context.get(), frame.get()) < 0 ||
      avcodec_receive_packet(context.get(), packet.get()) < 0)
    return fail("the PNG encoder refuses the picture");
  return std::vector<std::uint8_t>(packet->data, packet->data + packet->size);
}

}  // namespace greffe::codec
