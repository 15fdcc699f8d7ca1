#include "canvas/text_sheet.h"

#include <algorithm>

namespace greffe::canvas {
namespace {

int even_up(int value) { return value + (value & 1); }

}  // namespace

TextSheet::TextSheet(int width_px, int height_px, std::uint8_t box_cover, Colour box)
    : width_(even_up(std::max(width_px, 2))),
      height_(even_up(std::max(height_px, 2))),
      pixels_(static_cast<std::size_t>(width_) * static_cast<std::size_t>(height_), Pixel{box, box_cover}) {}

void TextSheet::Pixel::cover_with(Colour other, unsigned by) {
  if (by == 0) return;
  const unsigned left = cover * (255 - by) / 255, sum = by + left;
  const auto mix = [&](std::uint8_t below, std::uint8_t above) {
    return static_cast<std::uint8_t>((above * by + below * left + sum / 2) / sum);
  };
  colour = {mix(colour.y, other.y), mix(colour.u, other.u), mix(colour.v, other.v)};
  cover = sum;
}

TextSheet::Pixel& TextSheet::at(int x, int y) {
  return pixels_[static_cast<std::size_t>(y) * static_cast<std::size_t>(width_) +
                 static_cast<std::size_t>(x)];
}

void TextSheet::add(const TextMask& mask, int x, int y, Colour colour) {
  for (int row = std::max(0, -y); row < mask.height_px && y + row < height_; ++row)
    for (int column = std::max(0, -x); column < mask.width_px && x + column < width_; ++column) {
      const std::size_t from = static_cast<std::size_t>(row) * static_cast<std::size_t>(mask.width_px) +
                               static_cast<std::size_t>(column);
      at(x + column, y + row).cover_with(colour, mask.cover[from]);
    }
}

Overlay TextSheet::overlay() const {
  Overlay made;
  made.width_px = width_;
  made.height_px = height_;
  made.y.reserve(pixels_.size());
  made.y_cover.reserve(pixels_.size());
  for (const Pixel& pixel : pixels_) {
    made.y.push_back(pixel.colour.y);
    made.y_cover.push_back(static_cast<std::uint8_t>(pixel.cover));
  }
  // Chroma of four pixels: their mean, each weighing as much as it covers.
  const auto wide = static_cast<std::size_t>(width_);
  for (std::size_t row = 0; row < static_cast<std::size_t>(height_); row += 2)
    for (std::size_t column = 0; column < wide; column += 2) {
      unsigned u = 0, v = 0, cover = 0;
      for (const std::size_t place : {row * wide + column, row * wide + column + 1, (row + 1) * wide + column,
                                      (row + 1) * wide + column + 1}) {
        u += pixels_[place].colour.u * pixels_[place].cover;
        v += pixels_[place].colour.v * pixels_[place].cover;
        cover += pixels_[place].cover;
      }
      made.u.push_back(static_cast<std::uint8_t>(cover == 0 ? 128 : u / cover));
      made.v.push_back(static_cast<std::uint8_t>(cover == 0 ? 128 : v / cover));
      made.chroma_cover.push_back(static_cast<std::uint8_t>(cover / 4));
    }
  return made;
}

}  // namespace greffe::canvas
