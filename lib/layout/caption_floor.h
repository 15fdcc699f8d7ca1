// Where captions that are drawn into a film stand.
#pragma once

#include "layout/scene.h"

namespace greffe::layout {

// What is to lie above: the canvas's lower edge or, of a scene in which one tile is the picture and a strip
// of small ones lies below it, the lower edge of that tile, so that captions cover none of the small. In
// pixels from the top, even.
int caption_floor(const Scene& scene, int canvas_height_px);

}  // namespace greffe::layout
