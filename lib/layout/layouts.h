// The layouts that need no description: kinds → regions.
#pragma once

#include "layout/plan_options.h"

namespace greffe::layout {

// What a layout looks at to divide the canvas.
struct Audiences {
  std::size_t main = 0;        // how many are in the main place
  std::size_t others = 0;      // and beside it
  std::vector<Aspect> slides;  // all shapes that shared screens have in the meeting
};

// Whether somebody has the main place, or all are equal.
bool has_main(LayoutKind kind);

// The regions of a kind other than Regions on a canvas of the options' size.
std::vector<Region> regions_of(const PlanOptions& options, const Audiences& audiences);

}  // namespace greffe::layout
