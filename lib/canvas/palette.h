// The few colours of a film around its pictures: calm, so that the pictures speak.
#pragma once

#include "canvas/overlay.h"

namespace greffe::canvas {

constexpr Colour Background{30, 130, 127};  // a dark grey with a little blue
constexpr Colour Highlight{148, 112, 91};   // a soft green, for who speaks

}  // namespace greffe::canvas
