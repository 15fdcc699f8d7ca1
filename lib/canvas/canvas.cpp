#include "canvas/canvas.h"

#include <algorithm>
#include <cassert>
#include <cstdlib>
#include <cstring>
#include <new>
#include <opencv2/core.hpp>
#include <opencv2/imgproc.hpp>

#include "canvas/film_colours.h"

namespace greffe::canvas {
namespace {

constexpr std::size_t Alignment = 64;

std::size_t aligned(std::size_t value) { return (value + Alignment - 1) / Alignment * Alignment; }

// OpenCV's own threads would compete with the encoder's for the cores.
void keep_opencv_single_threaded() {
  static const bool once = [] {
    cv::setNumThreads(1);
    return true;
  }();
  static_cast<void>(once);
}

cv::Mat matrix_of(std::uint8_t* pixels, std::ptrdiff_t stride, int width, int height) {
  return cv::Mat(height, width, CV_8UC1, pixels, static_cast<std::size_t>(stride));
}

cv::Mat matrix_of(const media::PlaneView& plane) {
  // OpenCV has no matrix of constant pixels; it is only read.
  return matrix_of(const_cast<std::uint8_t*>(plane.pixels), plane.stride, plane.width_px, plane.height_px);
}

// Below half the size each pixel is the mean of those it covers, which OpenCV is quick at for just the half.
void scale(const cv::Mat& from, cv::Mat& to, BoxScaler& scaler) {
  const bool half = from.cols == 2 * to.cols && from.rows == 2 * to.rows;
  const bool below_half = from.cols >= 2 * to.cols || from.rows >= 2 * to.rows;
  if (from.size() == to.size())
    from.copyTo(to);
  else if (below_half && !half && from.cols >= to.cols && from.rows >= to.rows)
    scaler.scale({from.data, static_cast<std::ptrdiff_t>(from.step), from.cols, from.rows},
                 {to.data, static_cast<std::ptrdiff_t>(to.step), to.cols, to.rows});
  else
    cv::resize(from, to, to.size(), 0, 0, below_half ? cv::INTER_AREA : cv::INTER_LINEAR);
}

// Scaled before it is turned, since the result is the smaller.
void scale_and_turn(const cv::Mat& from, media::Orientation orientation, cv::Mat& to, BoxScaler& scaler) {
  const bool on_its_side = orientation.rotation_deg % 180 != 0;
  cv::Mat scaled(on_its_side ? cv::Size(to.rows, to.cols) : to.size(), CV_8UC1);
  scale(from, scaled, scaler);
  if (orientation.flip) cv::flip(scaled, scaled, 1);
  switch (orientation.rotation_deg) {
    case 90: cv::rotate(scaled, to, cv::ROTATE_90_CLOCKWISE); break;
    case 180: cv::rotate(scaled, to, cv::ROTATE_180); break;
    case 270: cv::rotate(scaled, to, cv::ROTATE_90_COUNTERCLOCKWISE); break;
    default: scaled.copyTo(to); break;
  }
}

// (below·(255 − cover) + above·cover) / 255, rounded.
std::uint8_t mixed(std::uint8_t below, std::uint8_t above, std::uint8_t cover) {
  const int sum = below * (255 - cover) + above * cover + 128;
  return static_cast<std::uint8_t>((sum + (sum >> 8)) >> 8);
}

}  // namespace

void Canvas::FreeAligned::operator()(std::uint8_t* memory) const { std::free(memory); }

Canvas::Canvas(int width_px, int height_px) : width_(width_px), height_(height_px) {
  assert(width_px > 0 && height_px > 0 && width_px % 2 == 0 && height_px % 2 == 0);
  keep_opencv_single_threaded();
  const auto width = static_cast<std::size_t>(width_);
  const auto height = static_cast<std::size_t>(height_);
  const std::size_t luma_stride = aligned(width);
  const std::size_t chroma_stride = aligned(width / 2);
  const std::size_t luma = luma_stride * height;
  const std::size_t chroma = chroma_stride * (height / 2);
  bytes_ = luma + 2 * chroma;
  memory_.reset(static_cast<std::uint8_t*>(std::aligned_alloc(Alignment, bytes_)));
  if (!memory_) throw std::bad_alloc();
  std::memset(memory_.get(), 0, bytes_);
  y_ = {memory_.get(), static_cast<std::ptrdiff_t>(luma_stride), width_, height_};
  u_ = {memory_.get() + luma, static_cast<std::ptrdiff_t>(chroma_stride), width_ / 2, height_ / 2};
  v_ = {memory_.get() + luma + chroma, static_cast<std::ptrdiff_t>(chroma_stride), width_ / 2, height_ / 2};
  fill({0, 0, width_, height_}, Colour{});
  forget_changes();
}

void Canvas::fill_plane(const Plane& plane, const layout::Rectangle& where, int shift, std::uint8_t value) {
  for (int row = where.y >> shift; row < (where.y + where.height) >> shift; ++row)
    std::memset(plane.pixels + row * plane.stride + (where.x >> shift), value,
                static_cast<std::size_t>(where.width >> shift));
}

void Canvas::fill(const layout::Rectangle& where, Colour colour) {
  changed_.push_back(where);
  fill_plane(y_, where, 0, colour.y);
  fill_plane(u_, where, 1, colour.u);
  fill_plane(v_, where, 1, colour.v);
}

void Canvas::draw_plane(const media::PlaneView& from, media::Orientation orientation, const Plane& plane,
                        const layout::Rectangle& where, int shift) {
  cv::Mat to = matrix_of(plane.pixels + (where.y >> shift) * plane.stride + (where.x >> shift), plane.stride,
                         where.width >> shift, where.height >> shift);
  if (orientation == media::Orientation{})
    scale(matrix_of(from), to, scaler_);
  else
    scale_and_turn(matrix_of(from), orientation, to, scaler_);
}

void Canvas::draw(const media::Picture& picture, media::Orientation orientation,
                  const layout::Rectangle& where) {
  changed_.push_back(where);
  draw_plane(picture.y, orientation, y_, where, 0);
  draw_plane(picture.u, orientation, u_, where, 1);
  draw_plane(picture.v, orientation, v_, where, 1);
  const auto drawn = [&](const Plane& plane, int shift) {
    return PlaneRows{plane.pixels + (where.y >> shift) * plane.stride + (where.x >> shift), plane.stride,
                     where.width >> shift, where.height >> shift};
  };
  bring_to_film_colours(drawn(y_, 0), drawn(u_, 1), drawn(v_, 1), picture.matrix, picture.full_range);
}

void Canvas::draw_border(const layout::Rectangle& where, int thickness, Colour colour) {
  const int thick = std::min({thickness, where.width / 2 & ~1, where.height / 2 & ~1});
  if (thick < 2) return;
  fill({where.x, where.y, where.width, thick}, colour);
  fill({where.x, where.y + where.height - thick, where.width, thick}, colour);
  fill({where.x, where.y, thick, where.height}, colour);
  fill({where.x + where.width - thick, where.y, thick, where.height}, colour);
}

void Canvas::blend(const Overlay& overlay, int x, int y) {
  if (overlay.empty()) return;
  changed_.push_back({x, y, overlay.width_px, overlay.height_px});
  const auto blend_plane = [&overlay](const Plane& plane, const std::vector<std::uint8_t>& values,
                                      const std::vector<std::uint8_t>& cover, int left, int top, int shift) {
    const int width = overlay.width_px >> shift;
    const int height = overlay.height_px >> shift;
    for (int row = std::max(0, -top); row < std::min(height, plane.height - top); ++row) {
      std::uint8_t* to = plane.pixels + (top + row) * plane.stride;
      const std::size_t start = static_cast<std::size_t>(row) * static_cast<std::size_t>(width);
      for (int column = std::max(0, -left); column < std::min(width, plane.width - left); ++column) {
        const std::size_t at = start + static_cast<std::size_t>(column);
        to[left + column] = mixed(to[left + column], values[at], cover[at]);
      }
    }
  };
  blend_plane(y_, overlay.y, overlay.y_cover, x, y, 0);
  blend_plane(u_, overlay.u, overlay.chroma_cover, x / 2, y / 2, 1);
  blend_plane(v_, overlay.v, overlay.chroma_cover, x / 2, y / 2, 1);
}

void Canvas::copy_from(const Canvas& other) {
  assert(other.width_ == width_ && other.height_ == height_);
  std::memcpy(memory_.get(), other.memory_.get(), bytes_);
}

media::Picture Canvas::picture() const {
  media::Picture picture;
  picture.y = {y_.pixels, y_.stride, y_.width, y_.height};
  picture.u = {u_.pixels, u_.stride, u_.width, u_.height};
  picture.v = {v_.pixels, v_.stride, v_.width, v_.height};
  picture.size = {width_, height_};
  return picture;
}

}  // namespace greffe::canvas
