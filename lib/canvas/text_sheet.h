// Lines of text on a box of one colour: an overlay while it is made.
#pragma once

#include <cstdint>
#include <vector>

#include "canvas/overlay.h"
#include "canvas/text_engine.h"

namespace greffe::canvas {

// Drawn into at the full resolution of luma; overlay() makes the chroma planes.
class TextSheet {
 public:
  // The next even size, at least 2x2.
  TextSheet(int width_px, int height_px, std::uint8_t box_cover, Colour box);

  int width() const { return width_; }

  // Text over what is there; what does not fit is cut.
  void add(const TextMask& mask, int x, int y, Colour colour);

  Overlay overlay() const;

 private:
  struct Pixel {
    Colour colour;
    unsigned cover = 0;

    void cover_with(Colour other, unsigned by);
  };
  Pixel& at(int x, int y);

  int width_;
  int height_;
  std::vector<Pixel> pixels_;
};

}  // namespace greffe::canvas
