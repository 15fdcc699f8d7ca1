// Pixels with transparency as an overlay.
#pragma once

#include <span>

#include "canvas/overlay.h"

namespace greffe::canvas {

// `rgba`: four bytes for each of width × height pixels, row by row. An odd side gets a clear pixel more.
Overlay overlay_of_rgba(std::span<const std::uint8_t> rgba, int width_px, int height_px);

}  // namespace greffe::canvas
