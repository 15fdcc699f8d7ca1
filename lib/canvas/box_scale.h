// Planes made much smaller, where the bilinear filter would pass over pixels.
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "canvas/film_colours.h"
#include "media/picture.h"

namespace greffe::canvas {

// Each pixel of `to` is the mean of what it covers of `from`, in whole numbers (the weights of rows in parts
// of 256), so that it is the same everywhere. Remembers the weights of the sizes it saw.
class BoxScaler {
 public:
  // Neither side of `to` is longer than that of `from`, which is at most 8192.
  void scale(const media::PlaneView& from, const PlaneRows& to);

 private:
  // What one pixel of the shorter side covers of the longer, whose weights are side by side.
  struct Cover {
    std::uint32_t first = 0, end = 0, first_weight = 0;
  };
  struct Side {
    std::vector<Cover> covers;
    std::vector<std::uint16_t> weights;
  };
  using Sides = std::map<std::pair<int, int>, Side>;  // by the longer and the shorter length

  static Side side_of(std::uint32_t longer, std::uint32_t shorter, std::uint32_t whole);
  static const Side& known(Sides& sides, int longer, int shorter, std::uint32_t whole);
  void add_rows(const media::PlaneView& from, const Side& rows, const Cover& cover);
  void write_row(const Side& columns, std::uint8_t* pixels) const;

  Sides rows_, columns_;
  std::vector<std::uint16_t> sums_;  // of each column
};

}  // namespace greffe::canvas
