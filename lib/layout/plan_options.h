// How a plan is to be made.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "layout/region.h"
#include "units/time.h"

namespace greffe::layout {

enum class LayoutKind { Grid, Speaker, StripBottom, Presentation, Pip, Single, SideBySide, Regions };
std::string_view name_of(LayoutKind kind);
Result<LayoutKind> layout_kind_of(std::string_view name);
// All but "regions", which needs some.
std::vector<std::string> layout_names();

// In which order people stand where the layout leaves a choice.
enum class Order { Join, Speaking, Name };
Result<Order> order_of(std::string_view name);
std::string_view name_of(Order order);

struct PlanOptions {
  LayoutKind layout = LayoutKind::Grid;
  int width = 1280;  // even, 64 to 8192
  int height = 720;
  Duration min_stay = std::chrono::seconds(2);  // whole milliseconds
  Duration look_ahead = std::chrono::seconds(5);
  Order order = Order::Join;
  std::string lock;                  // id of who has the main place whenever they are there; empty: nobody
  std::vector<std::string> without;  // ids of those who never appear
  bool hide_no_picture = false;
  bool chapters = false;
  bool labels = true;                   // names on tiles
  bool highlights = true;               // borders around who speaks
  std::size_t most_tiles = UsualTiles;  // 1 to MaxTiles
  std::vector<Region> regions = {};     // of LayoutKind::Regions; inside width x height
};

}  // namespace greffe::layout
