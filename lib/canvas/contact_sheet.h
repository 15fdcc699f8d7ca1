// Small pictures of a film on one sheet, in rows of four, with two lines of words below each.
#pragma once

#include <string>
#include <vector>

#include "canvas/canvas.h"
#include "canvas/text_renderer.h"
#include "layout/scene.h"

namespace greffe::canvas {

class ContactSheet {
 public:
  // For `pictures` of the plan's size, at least one.
  static Result<ContactSheet> create(const layout::ScenePlan& plan, std::size_t pictures);

  void add(const Canvas& picture, const std::string& first_line, const std::string& second_line);
  const Canvas& drawn() const { return canvas_; }
  TextGaps take_gaps() { return text_.take_gaps(); }

 private:
  ContactSheet(const layout::ScenePlan& plan, std::size_t pictures, TextRenderer text);
  int step_x() const;
  int step_y() const;

  TextRenderer text_;
  layout::Rectangle picture_;
  std::size_t columns_;
  Canvas canvas_;
  std::size_t count_ = 0;
};

}  // namespace greffe::canvas
