#include "canvas/palette.h"

#include <array>

namespace greffe::canvas {

Colour calm_colour(std::string_view participant_id, const Palette& palette) {
  constexpr std::array<Colour, 8> Colours{{{88, 150, 112},
                                           {84, 140, 124},
                                           {92, 118, 118},
                                           {96, 112, 132},
                                           {92, 120, 148},
                                           {88, 136, 144},
                                           {80, 154, 126},
                                           {100, 128, 120}}};
  std::uint32_t hash = 2'166'136'261U;  // FNV-1a
  for (const char c : participant_id) hash = (hash ^ static_cast<unsigned char>(c)) * 16'777'619U;
  Colour colour = Colours[hash % Colours.size()];
  colour.y = static_cast<std::uint8_t>(colour.y + palette.lighter);
  return colour;
}

}  // namespace greffe::canvas
