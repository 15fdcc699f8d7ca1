// The output picture being drawn: planar YUV 4:2:0 with aligned rows.
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "canvas/box_scale.h"
#include "canvas/overlay.h"
#include "layout/scene.h"
#include "media/picture.h"

namespace greffe::canvas {

// All rectangles have even sides and lie inside the canvas. Single-threaded, and fixed in its arithmetic: the
// same calls give the same pixels.
class Canvas {
 public:
  // Even sides. Black.
  Canvas(int width_px, int height_px);

  int width() const { return width_; }
  int height() const { return height_; }

  void fill(const layout::Rectangle& where, Colour colour);
  // Turned as `orientation` says and scaled to fill `where`: linear down to half size, area averages below
  // it. Colours become the canvas's, BT.601 from 16 to 235, by what the picture says of its own.
  void draw(const media::Picture& picture, media::Orientation orientation, const layout::Rectangle& where);
  // A border of `thickness` pixels (even) inside `where`.
  void draw_border(const layout::Rectangle& where, int thickness, Colour colour);
  // Its top left corner at (x, y), even; what lies outside of the canvas is cut off.
  void blend(const Overlay& overlay, int x, int y);
  // The pixels of `other`, which has the same size. No change in the sense of changed().
  void copy_from(const Canvas& other);

  // Where pixels may have changed since the last forget_changes(): what was drawn, one after the other.
  const std::vector<layout::Rectangle>& changed() const { return changed_; }
  void forget_changes() { changed_.clear(); }

  // A view of the pixels, valid while the canvas lives; it changes as the canvas does.
  media::Picture picture() const;

 private:
  struct Plane {
    std::uint8_t* pixels = nullptr;
    std::ptrdiff_t stride = 0;
    int width = 0;
    int height = 0;
  };
  struct FreeAligned {
    void operator()(std::uint8_t* memory) const;
  };
  static void fill_plane(const Plane& plane, const layout::Rectangle& where, int shift, std::uint8_t value);
  void draw_plane(const media::PlaneView& from, media::Orientation orientation, const Plane& plane,
                  const layout::Rectangle& where, int shift);

  int width_;
  int height_;
  std::size_t bytes_ = 0;
  std::unique_ptr<std::uint8_t, FreeAligned> memory_;
  Plane y_, u_, v_;
  std::vector<layout::Rectangle> changed_;
  BoxScaler scaler_;
};

}  // namespace greffe::canvas
