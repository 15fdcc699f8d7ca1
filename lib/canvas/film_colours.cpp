#include "canvas/film_colours.h"

#include <algorithm>
#include <array>

namespace greffe::canvas {
namespace {

using Table = std::array<std::uint8_t, 256>;

// Rounded, in whole numbers, so that they are the same everywhere.
constexpr Table table_of(int zero_from, int zero_to, int span_to) {
  Table table{};
  for (int value = 0; value < 256; ++value) {
    const int scaled = (value - zero_from) * span_to;
    table[static_cast<std::size_t>(value)] =
        static_cast<std::uint8_t>(std::clamp(zero_to + (scaled + (scaled < 0 ? -127 : 127)) / 255, 0, 255));
  }
  return table;
}
constexpr Table Luma = table_of(0, 16, 219), Chroma = table_of(128, 128, 224);

void map_values(const PlaneRows& plane, const Table& table) {
  for (int row = 0; row < plane.height_px; ++row) {
    std::uint8_t* const line = plane.pixels + row * plane.stride;
    for (int x = 0; x < plane.width_px; ++x) line[x] = table[line[x]];
  }
}

std::uint8_t limited(int value) { return static_cast<std::uint8_t>(std::clamp(value, 0, 255)); }

// Out of BT.709 into BT.601 (ITU-R BT.709-6 §3.2, BT.601-7 §2.5.1), by way of the same R, G and B, in parts
// of 65536:
//   Y' = Y + 0.0993 Cb + 0.1917 Cr    Cb' = 0.9899 Cb - 0.1107 Cr    Cr' = 0.9834 Cr - 0.0725 Cb
// Of luma the factors are those of full range times 219/224, the steps that luma and chroma have from black
// to white.
void from_bt709(const PlaneRows& y, const PlaneRows& u, const PlaneRows& v) {
  constexpr int Half = 1 << 15;
  for (int row = 0; row < u.height_px; ++row) {
    std::uint8_t* const blue = u.pixels + row * u.stride;
    std::uint8_t* const red = v.pixels + row * v.stride;
    std::uint8_t* const upper = y.pixels + 2 * row * y.stride;
    std::uint8_t* const lower = upper + y.stride;
    for (int x = 0; x < u.width_px; ++x) {
      const int cb = blue[x] - 128, cr = red[x] - 128;
      const int more = (6508 * cb + 12563 * cr + Half) >> 16;
      for (std::uint8_t* const luma : {upper + 2 * x, upper + 2 * x + 1, lower + 2 * x, lower + 2 * x + 1})
        *luma = limited(*luma + more);
      blue[x] = limited(128 + ((64871 * cb - 7252 * cr + Half) >> 16));
      red[x] = limited(128 + ((64448 * cr - 4748 * cb + Half) >> 16));
    }
  }
}

}  // namespace

void bring_to_film_colours(const PlaneRows& y, const PlaneRows& u, const PlaneRows& v,
                           media::ColourMatrix matrix, bool full_range) {
  if (full_range) {
    map_values(y, Luma);
    map_values(u, Chroma);
    map_values(v, Chroma);
  }
  if (matrix == media::ColourMatrix::Bt709) from_bt709(y, u, v);
}

}  // namespace greffe::canvas
