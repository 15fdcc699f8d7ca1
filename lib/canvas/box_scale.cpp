#include "canvas/box_scale.h"

#include <algorithm>
#include <cassert>
#include <cstdint>
#include <vector>

namespace greffe::canvas {
namespace {

// What one pixel of the shorter side covers of the longer, whose weights are side by side.
struct Cover {
  std::uint32_t first = 0, end = 0, first_weight = 0;
};
struct Side {
  std::vector<Cover> covers;
  std::vector<std::uint16_t> weights;
};

// Pixel i of the shorter side begins at i * longer, pixel k of the longer at k * shorter. Running sums are
// rounded, not weights, so that those of each cover add up to `whole`.
Side side_of(std::uint32_t longer, std::uint32_t shorter, std::uint32_t whole) {
  Side side;
  side.covers.reserve(shorter);
  side.weights.reserve(longer + shorter);
  for (std::uint32_t i = 0; i < shorter; ++i) {
    const std::uint32_t begin = i * longer, end = begin + longer;
    const Cover cover{begin / shorter, (end + shorter - 1) / shorter,
                      static_cast<std::uint32_t>(side.weights.size())};
    std::uint64_t before = 0;
    for (std::uint32_t k = cover.first; k < cover.end; ++k) {
      const std::uint64_t covered = std::min((k + 1) * shorter, end) - begin;
      const std::uint64_t until = (covered * whole + longer / 2) / longer;
      side.weights.push_back(static_cast<std::uint16_t>(until - before));
      before = until;
    }
    side.covers.push_back(cover);
  }
  return side;
}

// 255 times the weights of a row fits in 16 bits, and that times the weights of a column in 32.
constexpr std::uint32_t WholeRow = 256, WholeColumn = 65535;

using Sums = std::vector<std::uint16_t>;

// Of each column, what rows `cover` have; a loop that compilers have vector registers for.
void add_rows(const media::PlaneView& from, const Side& rows, const Cover& cover, Sums& sums) {
  std::fill(sums.begin(), sums.end(), std::uint16_t{0});
  std::uint16_t* const sum = sums.data();
  for (std::uint32_t k = cover.first; k < cover.end; ++k) {
    const std::uint16_t weight = rows.weights[cover.first_weight + k - cover.first];
    const std::uint8_t* const row = from.pixels + k * from.stride;
    for (int x = 0; x < from.width_px; ++x) sum[x] = static_cast<std::uint16_t>(sum[x] + row[x] * weight);
  }
}

void write_row(const Sums& sums, const Side& columns, std::uint8_t* pixels) {
  const std::uint16_t* sum = sums.data();
  const std::uint16_t* weight = columns.weights.data();
  for (const Cover& cover : columns.covers) {
    std::uint32_t value = 1u << 23;
    for (std::uint32_t k = cover.first; k < cover.end; ++k) value += std::uint32_t{sum[k]} * *weight++;
    *pixels++ = static_cast<std::uint8_t>(value >> 24);
  }
}

}  // namespace

void box_scale(const media::PlaneView& from, const PlaneRows& to) {
  assert(to.width_px > 0 && to.width_px <= from.width_px && from.width_px <= 8192);
  assert(to.height_px > 0 && to.height_px <= from.height_px && from.height_px <= 8192);
  const auto side = [](int longer, int shorter, std::uint32_t whole) {
    return side_of(static_cast<std::uint32_t>(longer), static_cast<std::uint32_t>(shorter), whole);
  };
  const Side rows = side(from.height_px, to.height_px, WholeRow);
  const Side columns = side(from.width_px, to.width_px, WholeColumn);
  Sums sums(static_cast<std::size_t>(from.width_px));
  std::uint8_t* pixels = to.pixels;
  for (const Cover& cover : rows.covers) {
    add_rows(from, rows, cover, sums);
    write_row(sums, columns, pixels);
    pixels += to.stride;
  }
}

}  // namespace greffe::canvas
