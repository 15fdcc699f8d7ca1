#include "layout/seats.h"

#include <algorithm>
#include <cassert>

namespace greffe::layout {
namespace {

constexpr std::size_t NoSeat = SIZE_MAX;

std::size_t seat_of(const std::vector<std::string>& seats, const std::string& key) {
  const auto found = std::find(seats.begin(), seats.end(), key);
  return found == seats.end() ? NoSeat : static_cast<std::size_t>(found - seats.begin());
}

std::vector<Aspect> aspects_of(std::span<const Guest> guests) {
  std::vector<Aspect> aspects;
  for (const Guest& guest : guests) aspects.push_back(guest.aspect);
  return aspects;
}

// The limits, and those that the smallest tiles set.
GridLimits limits_in(const Rectangle& area, GridLimits limits) {
  const auto least = [](int limit, int room) { return limit > 0 ? std::min(limit, room) : room; };
  return {least(limits.rows, std::max(1, area.height / SmallestTile)),
          least(limits.columns, std::max(1, area.width / SmallestTile))};
}

}  // namespace

std::size_t Seats::most(const Rectangle& area) const {
  const auto [rows, columns] = limits_in(area, rules_.limits);
  const std::size_t cells = static_cast<std::size_t>(rows) * static_cast<std::size_t>(columns);
  return std::min(MaxTiles, cells - std::min(cells, rules_.excluded.size()));
}

// The grid for as many as there will be soon, if that costs those who are there less than a tenth.
GridShape Seats::fresh_shape(std::span<const Guest> guests, std::size_t soon) const {
  if (!rules_.excluded.empty()) return {rules_.limits.rows, rules_.limits.columns};
  const std::vector<Aspect> now = aspects_of(guests);
  const GridShape shape = best_grid(area_, now, limits_in(area_, rules_.limits));
  if (soon <= guests.size()) return shape;
  std::vector<Aspect> then = now;
  then.resize(soon, Aspect{});
  const GridShape later = best_grid(area_, then, limits_in(area_, rules_.limits));
  const auto shown = [&](GridShape in) { return shown_area(grid_cells(area_, in, now.size(), 2), now); };
  return later != shape && shown(later) * 10 >= shown(shape) * 9 ? later : shape;
}

Seats::Grid Seats::fresh_grid(std::span<const Guest> guests, std::size_t soon) const {
  Grid grid;
  grid.shape = fresh_shape(guests, soon);
  const int cells = grid.shape.rows * grid.shape.columns;
  for (int cell = 0; cell < cells; ++cell)
    if (std::find(rules_.excluded.begin(), rules_.excluded.end(), cell) == rules_.excluded.end())
      grid.cells.push_back(cell);
  grid.step = grid_step(area_, grid.shape, aspects_of(guests));
  // Places for those to come are kept where this grid has them.
  const std::size_t seats = std::max(guests.size(), soon);
  if (rules_.excluded.empty()) grid.cells.resize(seats <= grid.cells.size() ? seats : guests.size());
  return grid;
}

std::vector<Rectangle> Seats::places(const Grid& grid, std::size_t seats) const {
  // Cells in the middle of a grid make its last row a whole one.
  const bool all = !rules_.excluded.empty();
  const std::size_t cells = all ? static_cast<std::size_t>(grid.shape.rows * grid.shape.columns) : seats;
  const std::vector<Rectangle> rectangles = grid_cells(area_, grid.shape, cells, grid.step);
  std::vector<Rectangle> places;
  for (std::size_t i = 0; i < seats; ++i)
    places.push_back(rectangles[all ? static_cast<std::size_t>(grid.cells[i]) : i]);
  return places;
}

std::int64_t Seats::area_of(const Grid& grid, const Seating& seating, std::span<const Guest> guests) const {
  const std::vector<Rectangle> all = places(grid, seating.size());
  std::vector<Rectangle> taken;
  for (const Guest& guest : guests) taken.push_back(all[seat_of(seating, guest.key)]);
  return shown_area(taken, aspects_of(guests));
}

// The seating that leaves everybody in place; nullopt when the grid is too small.
std::optional<Seats::Seating> Seats::kept(std::span<const Guest> guests) const {
  Seating seating(seats_.size());
  std::vector<const Guest*> standing;
  for (const Guest& guest : guests) {
    const std::size_t seat = seat_of(seats_, guest.key);
    if (seat == NoSeat)
      standing.push_back(&guest);
    else
      seating[seat] = guest.key;
  }
  const auto sit = [&](const Guest* guest, std::size_t seat) {
    if (seat >= seating.size() || !seating[seat].empty()) return false;
    seating[seat] = guest->key;
    return true;
  };
  std::erase_if(standing, [&](const Guest* guest) {
    const auto last = last_.find(guest->key);
    return last != last_.end() && sit(guest, last->second);
  });
  for (std::size_t seat = 0; seat < seats_.size() && !standing.empty(); ++seat)
    if (!seats_[seat].empty() && sit(standing.front(), seat)) standing.erase(standing.begin());
  for (std::size_t seat = 0; seat < seating.size() && !standing.empty(); ++seat)
    if (sit(standing.front(), seat)) standing.erase(standing.begin());
  const std::size_t cells = static_cast<std::size_t>(grid_.shape.rows * grid_.shape.columns);
  if (seating.size() + standing.size() > (rules_.excluded.empty() ? cells : grid_.cells.size()))
    return std::nullopt;
  for (const Guest* guest : standing) seating.push_back(guest->key);
  return seating;
}

// Whether a new grid is worth that people move.
bool Seats::pays(const Grid& fresh, std::span<const Guest> guests, const Seating& kept,
                 std::size_t soon) const {
  if (fresh.shape == grid_.shape) return false;
  const std::size_t fresh_cells = static_cast<std::size_t>(fresh.shape.rows * fresh.shape.columns);
  if (soon > fresh_cells && soon <= kept.size()) return false;  // they would move back
  if (2 * guests.size() <= kept.size()) return true;
  // Those who come soon will ask for it, and somebody takes a new place now anyway.
  const std::size_t cells = static_cast<std::size_t>(grid_.shape.rows * grid_.shape.columns);
  if (soon > cells && fresh.cells.size() >= soon && kept != seats_) return true;
  Seating seating;
  for (const Guest& guest : guests) seating.push_back(guest.key);
  return area_of(fresh, seating, guests) * 10 > area_of(grid_, kept, guests) * 11;
}

std::vector<std::optional<Rectangle>> Seats::seat_once(std::span<const Guest> guests) {
  if (seats_.empty()) {
    const auto [rows, columns] = rules_.limits;
    const bool bounded = rows > 0 && columns > 0;
    if (bounded) {
      grid_ = {{rows, columns}, 2, {}};
      for (int cell = 0; cell < rows * columns; ++cell)
        if (std::find(rules_.excluded.begin(), rules_.excluded.end(), cell) == rules_.excluded.end())
          grid_.cells.push_back(cell);
      seats_.resize(std::min(grid_.cells.size(), MaxTiles));
    }
  }
  std::vector<std::optional<Rectangle>> rectangles;
  for (const Guest& guest : guests) {
    std::size_t seat = seat_of(seats_, guest.key);
    if (seat == NoSeat) seat = seat_of(seats_, "");
    if (seat != NoSeat) seats_[seat] = guest.key;
    rectangles.emplace_back();
    if (seat == NoSeat) continue;
    const auto cell = static_cast<std::size_t>(grid_.cells[seat]);
    rectangles.back() = grid_cells(area_, grid_.shape,
                                   static_cast<std::size_t>(grid_.shape.rows * grid_.shape.columns), 2)[cell];
  }
  return rectangles;
}

std::vector<std::optional<Rectangle>> Seats::seated(const Rectangle& area, std::span<const Guest> guests,
                                                    std::size_t soon) {
  assert(guests.size() <= MaxTiles);
  const bool same_area = area == area_;
  area_ = area;
  if (rules_.once && rules_.limits.rows > 0 && rules_.limits.columns > 0) return seat_once(guests);
  if (guests.empty()) return {};
  const Grid fresh = fresh_grid(guests, soon);
  std::optional<Seating> seating = same_area && !seats_.empty() ? kept(guests) : std::nullopt;
  if (seating && !pays(fresh, guests, *seating, soon)) {
    seats_ = std::move(*seating);
  } else {
    grid_ = fresh;
    seats_.assign(fresh.cells.size(), "");
    for (std::size_t i = 0; i < guests.size(); ++i) seats_[i] = guests[i].key;
    last_.clear();
  }
  const std::vector<Rectangle> all = places(grid_, seats_.size());
  std::vector<std::optional<Rectangle>> rectangles;
  for (const Guest& guest : guests) {
    const std::size_t seat = seat_of(seats_, guest.key);
    last_[guest.key] = seat;
    rectangles.emplace_back(all[seat]);
  }
  return rectangles;
}

}  // namespace greffe::layout
