// The few colours of a film around its pictures: calm, so that the pictures speak.
#pragma once

#include <string_view>

#include "canvas/overlay.h"

namespace greffe::canvas {

struct Palette {
  Colour background;
  Colour highlight;  // for who speaks
  Colour label_text;
  Colour label_box;
  int lighter = 0;  // what is added to the luma of those without a picture
};

// A dark grey with a little blue and a soft green.
inline constexpr Palette DarkPalette{{30, 130, 127}, {148, 112, 91}, {235, 128, 128}, {16, 128, 128}, 0};
// Paper, and a green that stands out from it.
inline constexpr Palette LightPalette{{222, 129, 127}, {112, 106, 76}, {28, 128, 128}, {235, 128, 128}, 96};

// A calm background for who has no picture, the same for the same id.
Colour calm_colour(std::string_view participant_id, const Palette& palette = DarkPalette);

}  // namespace greffe::canvas
