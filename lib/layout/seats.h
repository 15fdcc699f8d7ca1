// Who sits where in a rectangle: a grid in which people keep their places.
#pragma once

#include <map>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "layout/grid.h"

namespace greffe::layout {

// Somebody to be shown. The key is equal for the same person or screen from scene to scene.
struct Guest {
  std::string key;
  Aspect aspect;
};

struct SeatRules {
  GridLimits limits;
  // Cells that stay empty, counted row by row from 0; the grid then has as many rows and columns as its
  // limits say, which are both given.
  std::vector<int> excluded = {};
  bool once = false;  // a cell stays with the first who sat there
  bool operator==(const SeatRules&) const = default;
};

// Keeps everybody in place while it is no worse than a tenth of what a new grid would show; who comes takes
// the place they had, else one that was left now, else the first that is free.
class Seats {
 public:
  explicit Seats(SeatRules rules = {}) : rules_(std::move(rules)) {}

  // How many fit into it at once.
  std::size_t most(const Rectangle& area) const;
  // A rectangle for each guest, in their order; nullopt for whom no cell is left (only with `once`). At most
  // most(area) guests. `soon`: how many are to be seated in a while, for whom places are kept.
  std::vector<std::optional<Rectangle>> seated(const Rectangle& area, std::span<const Guest> guests,
                                               std::size_t soon);

 private:
  struct Grid {
    GridShape shape;
    int step = 2;
    std::vector<int> cells;  // of the seats, in order
  };
  using Seating = std::vector<std::string>;  // the key of who sits on each seat; empty: nobody

  GridShape fresh_shape(std::span<const Guest> guests, std::size_t soon) const;
  Grid fresh_grid(std::span<const Guest> guests, std::size_t soon) const;
  std::optional<Seating> kept(std::span<const Guest> guests) const;
  bool pays(const Grid& fresh, std::span<const Guest> guests, const Seating& kept, std::size_t soon) const;
  std::vector<Rectangle> places(const Grid& grid, std::size_t seats) const;
  std::int64_t area_of(const Grid& grid, const Seating& seating, std::span<const Guest> guests) const;
  std::vector<std::optional<Rectangle>> seat_once(std::span<const Guest> guests);

  SeatRules rules_;
  Rectangle area_;
  Grid grid_;
  Seating seats_;
  std::map<std::string, std::size_t> last_;  // where each sat
};

}  // namespace greffe::layout
