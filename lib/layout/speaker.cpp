#include "layout/speaker.h"

#include <cassert>

namespace greffe::layout {

std::vector<Rectangle> speaker_tiles(const Rectangle& canvas, std::span<const Aspect> pictures,
                                     std::size_t main) {
  assert(main < pictures.size());
  if (pictures.size() == 1) return {canvas};
  const int strip_width = canvas.width / 5 / 16 * 16;
  const Rectangle main_area{canvas.x, canvas.y, canvas.width - strip_width, canvas.height};
  const Rectangle strip{canvas.x + main_area.width, canvas.y, strip_width, canvas.height};

  std::vector<Aspect> others;
  for (std::size_t i = 0; i < pictures.size(); ++i)
    if (i != main) others.push_back(pictures[i]);
  std::vector<Rectangle> tiles = grid_tiles(strip, others);
  tiles.insert(tiles.begin() + static_cast<std::ptrdiff_t>(main), main_area);
  return tiles;
}

}  // namespace greffe::layout
