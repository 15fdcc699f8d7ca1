// How calm a plan is: how often tiles move, and how long they stay.
#pragma once

#include "layout/scene.h"

namespace greffe::layout {

// A tile stays while its participant has the same rectangle, with or without a picture. It moves where it has
// another one in the scene that follows; who comes or goes moves nothing by that.
struct Steadiness {
  std::int64_t moves = 0;
  std::int64_t stays = 0;
  Duration all_stays{};      // summed over tiles
  Duration shortest_stay{};  // of those that end before the plan does; zero when there is none
  Duration length{};         // of the plan

  double moves_per_minute() const;  // rounded to hundredths
  Duration mean_stay() const;
};

Steadiness steadiness_of(const ScenePlan& plan);

}  // namespace greffe::layout
