#include "codec/decoded_picture.h"

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include <algorithm>
#include <array>
#include <cstring>
#include <new>

namespace greffe::codec {
namespace {

constexpr std::uint8_t NoColour = 128;

// A plane of samples of 8 to 16 bits, in the order of octets of this machine.
struct SourcePlane {
  const std::uint8_t* bytes = nullptr;
  std::ptrdiff_t stride = 0;
  int width = 0;
  int height = 0;
  int depth = 8;

  std::uint32_t at(int x, int y) const {
    const std::uint8_t* const row = bytes + std::min(y, height - 1) * stride;
    const int column = std::min(x, width - 1);
    if (depth == 8) return row[column];
    std::uint16_t sample = 0;
    std::memcpy(&sample, row + 2 * column, sizeof sample);
    return sample;
  }
};

// Red, green and blue in planes of their own, as screens are recorded.
bool is_rgb(const AVPixFmtDescriptor& format) { return (format.flags & AV_PIX_FMT_FLAG_RGB) != 0; }

bool can_be_read(const AVPixFmtDescriptor& format) {
  constexpr std::uint64_t Others = AV_PIX_FMT_FLAG_PAL | AV_PIX_FMT_FLAG_BITSTREAM | AV_PIX_FMT_FLAG_HWACCEL |
                                   AV_PIX_FMT_FLAG_BAYER | AV_PIX_FMT_FLAG_BE | AV_PIX_FMT_FLAG_FLOAT;
  if ((format.flags & Others) != 0) return false;
  if (format.nb_components > 1 && (format.flags & AV_PIX_FMT_FLAG_PLANAR) == 0) return false;
  for (int i = 0; i < std::min<int>(format.nb_components, 3); ++i) {
    const AVComponentDescriptor& part = format.comp[i];
    const bool whole = (part.plane == i || is_rgb(format)) && part.shift == 0 && part.offset == 0;
    if (!whole || part.depth < 8 || part.depth > 16 || part.step != (part.depth + 7) / 8) return false;
  }
  return true;
}

SourcePlane source_plane(const AVFrame& frame, const AVPixFmtDescriptor& format, int index) {
  const int across = index == 0 ? 0 : format.log2_chroma_w;
  const int down = index == 0 ? 0 : format.log2_chroma_h;
  return {frame.data[index], frame.linesize[index], AV_CEIL_RSHIFT(frame.width, across),
          AV_CEIL_RSHIFT(frame.height, down), format.comp[index].depth};
}

// A sample made of `across` x `down` ones (1 or 2 each). Fewer than wanted: colours of 4:1:1 are repeated.
std::uint8_t sample_of(const SourcePlane& source, int x, int y, int across, int down) {
  std::uint32_t sum = 0;
  for (int dy = 0; dy < down; ++dy)
    for (int dx = 0; dx < across; ++dx) sum += source.at(x + dx, y + dy);
  const int parts = across * down;
  const int shift = source.depth - 8 + (parts == 4 ? 2 : parts == 2 ? 1 : 0);
  const std::uint32_t half = shift == 0 ? 0 : 1u << (shift - 1);
  return static_cast<std::uint8_t>(std::min((sum + half) >> shift, 255u));
}

void fill_luma(std::uint8_t* made, const SourcePlane& source) {
  for (int y = 0; y < source.height; ++y)
    for (int x = 0; x < source.width; ++x) *made++ = sample_of(source, x, y, 1, 1);
}

void fill_colour(std::uint8_t* made, int width, int height, const SourcePlane& source, int log2_across,
                 int log2_down) {
  const int across = log2_across == 0 ? 2 : 1;
  const int down = log2_down == 0 ? 2 : 1;
  for (int y = 0; y < height; ++y) {
    const int from_y = log2_down > 1 ? y >> (log2_down - 1) : y * down;
    for (int x = 0; x < width; ++x)
      *made++ =
          sample_of(source, log2_across > 1 ? x >> (log2_across - 1) : x * across, from_y, across, down);
  }
}

// Parts of 65536 of red, green and blue in 8 bits, for BT.601 in video range (ITU-R BT.601-7 §2.5).
struct Weights {
  int red, green, blue, offset;
  std::uint8_t of(int r, int g, int b) const {
    const int sum = (red * r + green * g + blue * b + (1 << 15)) >> 16;
    return static_cast<std::uint8_t>(std::clamp(sum + offset, 0, 255));
  }
};
constexpr Weights Luma{16'829, 33'039, 6'416, 16};
constexpr Weights Blue{-9'714, -19'070, 28'784, 128};
constexpr Weights Red{28'784, -24'103, -4'681, 128};

void fill_from_rgb(std::uint8_t* made, int width, int height, int step, const Weights& weights,
                   const std::array<SourcePlane, 3>& rgb) {
  for (int y = 0; y < height; ++y)
    for (int x = 0; x < width; ++x) {
      const auto part = [&](std::size_t i) { return int{sample_of(rgb[i], x * step, y * step, step, step)}; };
      *made++ = weights.of(part(0), part(1), part(2));
    }
}

// The planes behind each other, without gaps between rows.
std::shared_ptr<std::uint8_t[]> converted(const AVFrame& frame, const AVPixFmtDescriptor& format) {
  const int across = (frame.width + 1) / 2;
  const int down = (frame.height + 1) / 2;
  const auto luma = static_cast<std::size_t>(frame.width) * static_cast<std::size_t>(frame.height);
  const auto colour = static_cast<std::size_t>(across) * static_cast<std::size_t>(down);
  std::shared_ptr<std::uint8_t[]> planes(new (std::nothrow) std::uint8_t[luma + 2 * colour]);
  if (!planes) return nullptr;
  if (is_rgb(format)) {
    std::array<SourcePlane, 3> rgb;
    for (std::size_t i = 0; i < rgb.size(); ++i) {
      const AVComponentDescriptor& part = format.comp[i];
      rgb[i] = {frame.data[part.plane], frame.linesize[part.plane], frame.width, frame.height, part.depth};
    }
    fill_from_rgb(planes.get(), frame.width, frame.height, 1, Luma, rgb);
    fill_from_rgb(planes.get() + luma, across, down, 2, Blue, rgb);
    fill_from_rgb(planes.get() + luma + colour, across, down, 2, Red, rgb);
    return planes;
  }
  fill_luma(planes.get(), source_plane(frame, format, 0));
  for (int i = 1; i < 3; ++i) {
    std::uint8_t* const made = planes.get() + luma + static_cast<std::size_t>(i - 1) * colour;
    if (format.nb_components < 3)
      std::fill_n(made, colour, NoColour);
    else
      fill_colour(made, across, down, source_plane(frame, format, i), format.log2_chroma_w,
                  format.log2_chroma_h);
  }
  return planes;
}

}  // namespace

bool is_plain(const AVFrame& frame) {
  return frame.format == AV_PIX_FMT_YUV420P || frame.format == AV_PIX_FMT_YUVJ420P;
}

std::optional<media::Picture> picture_of(std::shared_ptr<AVFrame> frame) {
  const int width = frame->width;
  const int height = frame->height;
  const int across = (width + 1) / 2;
  const int down = (height + 1) / 2;
  media::Picture picture;
  picture.size = {width, height};
  picture.matrix =
      frame->colorspace == AVCOL_SPC_BT709 ? media::ColourMatrix::Bt709 : media::ColourMatrix::Bt601;
  picture.full_range = frame->color_range == AVCOL_RANGE_JPEG;
  if (is_plain(*frame)) {
    picture.y = {frame->data[0], frame->linesize[0], width, height};
    picture.u = {frame->data[1], frame->linesize[1], across, down};
    picture.v = {frame->data[2], frame->linesize[2], across, down};
    picture.keeper = std::move(frame);
    return picture;
  }
  const AVPixFmtDescriptor* const format = av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame->format));
  if (!format || !can_be_read(*format) || width <= 0 || height <= 0) return std::nullopt;
  if (is_rgb(*format)) picture.matrix = media::ColourMatrix::Bt601, picture.full_range = false;
  std::shared_ptr<std::uint8_t[]> planes = converted(*frame, *format);
  if (!planes) return std::nullopt;
  const std::ptrdiff_t luma = static_cast<std::ptrdiff_t>(width) * height;
  const std::ptrdiff_t colour = static_cast<std::ptrdiff_t>(across) * down;
  picture.y = {planes.get(), width, width, height};
  picture.u = {planes.get() + luma, across, across, down};
  picture.v = {planes.get() + luma + colour, across, across, down};
  picture.keeper = std::move(planes);
  return picture;
}

}  // namespace greffe::codec
