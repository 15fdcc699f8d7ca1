#include "codec/read_png.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/log.h>
}

#include <cstring>

#include "codec/av_owner.h"

namespace greffe::codec {
namespace {

constexpr std::string_view Signature("\x89PNG\r\n\x1a\n", 8);

// PNG (ISO/IEC 15948) §11.2.2: signature, length, "IHDR", width, height.
Status check_header(std::string_view bytes, int most_px) {
  if (bytes.size() < 33 || bytes.substr(0, 8) != Signature || bytes.substr(12, 4) != "IHDR")
    return fail("not a PNG file");
  for (const std::size_t at : {std::size_t{16}, std::size_t{20}}) {
    std::uint32_t side = 0;
    for (std::size_t i = 0; i < 4; ++i) side = side << 8 | static_cast<unsigned char>(bytes[at + i]);
    if (side == 0 || side > static_cast<std::uint32_t>(most_px))
      return fail("a side of {} pixels, from 1 to {} are allowed", side, most_px);
  }
  return {};
}

// The four bytes of the pixel at `x`; false for a kind that is not read.
bool pixel_of(const ::AVFrame& frame, const std::uint8_t* row, int x, std::uint8_t* rgba) {
  switch (frame.format) {
    case AV_PIX_FMT_RGBA: std::memcpy(rgba, row + 4 * x, 4); return true;
    case AV_PIX_FMT_RGB24:
      std::memcpy(rgba, row + 3 * x, 3);
      rgba[3] = 255;
      return true;
    case AV_PIX_FMT_GRAY8:
      std::memset(rgba, row[x], 3);
      rgba[3] = 255;
      return true;
    case AV_PIX_FMT_YA8:
      std::memset(rgba, row[2 * x], 3);
      rgba[3] = row[2 * x + 1];
      return true;
    case AV_PIX_FMT_PAL8: {
      std::uint32_t argb = 0;
      std::memcpy(&argb, frame.data[1] + 4 * row[x], 4);
      rgba[0] = static_cast<std::uint8_t>(argb >> 16);
      rgba[1] = static_cast<std::uint8_t>(argb >> 8);
      rgba[2] = static_cast<std::uint8_t>(argb);
      rgba[3] = static_cast<std::uint8_t>(argb >> 24);
      return true;
    }
    default: return false;
  }
}

}  // namespace

Result<RgbaPicture> read_png(std::string_view bytes, int most_px) {
  GREFFE_CHECK(check_header(bytes, most_px));
  av_log_set_level(AV_LOG_QUIET);
  const AVCodec* const png = avcodec_find_decoder_by_name("png");
  if (!png) return fail("libavcodec has no PNG decoder");
  const AvContext context(avcodec_alloc_context3(png));
  const AvFrame frame(av_frame_alloc());
  const AvPacket packet(av_packet_alloc());
  if (!context || !frame || !packet || av_new_packet(packet.get(), static_cast<int>(bytes.size())) < 0)
    return fail("out of memory");
  std::memcpy(packet->data, bytes.data(), bytes.size());
  context->thread_count = 1;
  context->max_pixels = std::int64_t{most_px} * most_px;
  context->err_recognition = AV_EF_CRCCHECK | AV_EF_EXPLODE;
  if (avcodec_open2(context.get(), png, nullptr) < 0 ||
      avcodec_send_packet(context.get(), packet.get()) < 0 ||
      avcodec_receive_frame(context.get(), frame.get()) < 0 || frame->width > most_px ||
      frame->height > most_px)
    return fail("the PNG file cannot be decoded");
  RgbaPicture picture{frame->width, frame->height, {}};
  picture.rgba.resize(static_cast<std::size_t>(frame->width) * static_cast<std::size_t>(frame->height) * 4);
  std::uint8_t* to = picture.rgba.data();
  for (int y = 0; y < frame->height; ++y)
    for (int x = 0; x < frame->width; ++x, to += 4)
      if (!pixel_of(*frame, frame->data[0] + std::ptrdiff_t{y} * frame->linesize[0], x, to))
        return fail("a PNG file of this kind is not read: 8 bits a channel are");
  return picture;
}

}  // namespace greffe::codec
