#include "canvas/box_scale.h"

#include <algorithm>
#include <cassert>

namespace greffe::canvas {
namespace {

// 255 times the weights of a row fits in 16 bits, and that times the weights of a column in 32.
constexpr std::uint32_t WholeRow = 256, WholeColumn = 65535;
// More than a meeting's cameras and layers have; a stream that changes its size all the time has no end of
// them.
constexpr std::size_t MostSides = 64;

}  // namespace

// Pixel i of the shorter side begins at i * longer, pixel k of the longer at k * shorter. Running sums are
// rounded, not weights, so that those of each cover add up to `whole`.
BoxScaler::Side BoxScaler::side_of(std::uint32_t longer, std::uint32_t shorter, std::uint32_t whole) {
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

const BoxScaler::Side& BoxScaler::known(Sides& sides, int longer, int shorter, std::uint32_t whole) {
  const auto found = sides.find({longer, shorter});
  if (found != sides.end()) return found->second;
  if (sides.size() >= MostSides) sides.clear();
  Side side = side_of(static_cast<std::uint32_t>(longer), static_cast<std::uint32_t>(shorter), whole);
  return sides.emplace(std::pair(longer, shorter), std::move(side)).first->second;
}

// Of each column, what rows `cover` have; a loop that compilers have vector registers for.
void BoxScaler::add_rows(const media::PlaneView& from, const Side& rows, const Cover& cover) {
  sums_.assign(static_cast<std::size_t>(from.width_px), 0);
  std::uint16_t* const sum = sums_.data();
  for (std::uint32_t k = cover.first; k < cover.end; ++k) {
    const std::uint16_t weight = rows.weights[cover.first_weight + k - cover.first];
    const std::uint8_t* const row = from.pixels + k * from.stride;
    for (int x = 0; x < from.width_px; ++x) sum[x] = static_cast<std::uint16_t>(sum[x] + row[x] * weight);
  }
}

void BoxScaler::write_row(const Side& columns, std::uint8_t* pixels) const {
  const std::uint16_t* const sum = sums_.data();
  const std::uint16_t* weight = columns.weights.data();
  for (const Cover& cover : columns.covers) {
    std::uint32_t value = 1u << 23;
    for (std::uint32_t k = cover.first; k < cover.end; ++k) value += std::uint32_t{sum[k]} * *weight++;
    *pixels++ = static_cast<std::uint8_t>(value >> 24);
  }
}

void BoxScaler::scale(const media::PlaneView& from, const PlaneRows& to) {
  assert(to.width_px > 0 && to.width_px <= from.width_px && from.width_px <= 8192);
  assert(to.height_px > 0 && to.height_px <= from.height_px && from.height_px <= 8192);
  const Side& rows = known(rows_, from.height_px, to.height_px, WholeRow);
  const Side& columns = known(columns_, from.width_px, to.width_px, WholeColumn);
  std::uint8_t* pixels = to.pixels;
  for (const Cover& cover : rows.covers) {
    add_rows(from, rows, cover);
    write_row(columns, pixels);
    pixels += to.stride;
  }
}

}  // namespace greffe::canvas
