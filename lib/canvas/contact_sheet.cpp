#include "canvas/contact_sheet.h"

#include <algorithm>

#include "layout/grid.h"

namespace greffe::canvas {
namespace {

constexpr std::size_t Columns = 4;
constexpr int Margin = 16;
constexpr int Box = 320;  // a side of the square that a small picture fits in
constexpr int LineHeight = 22;
constexpr int FontPx = 14;
constexpr Colour SheetPaper{44, 130, 127};

}  // namespace

ContactSheet::ContactSheet(const layout::ScenePlan& plan, std::size_t pictures, TextRenderer text)
    : text_(std::move(text)),
      picture_(layout::fitted({plan.width, plan.height}, {0, 0, Box, Box})),
      columns_(std::min(Columns, pictures)),
      canvas_(Margin + static_cast<int>(columns_) * step_x(),
              Margin + static_cast<int>((pictures + columns_ - 1) / columns_) * step_y()) {
  canvas_.fill({0, 0, canvas_.width(), canvas_.height()}, SheetPaper);
}

Result<ContactSheet> ContactSheet::create(const layout::ScenePlan& plan, std::size_t pictures) {
  GREFFE_TRY(TextRenderer text, TextRenderer::create());
  return ContactSheet(plan, pictures, std::move(text));
}

int ContactSheet::step_x() const { return picture_.width + Margin; }
int ContactSheet::step_y() const { return picture_.height + 2 * LineHeight + Margin; }

void ContactSheet::add(const Canvas& picture, const std::string& first_line, const std::string& second_line) {
  const int x = Margin + static_cast<int>(count_ % columns_) * step_x();
  const int y = Margin + static_cast<int>(count_ / columns_) * step_y();
  canvas_.draw(picture.picture(), {}, {x, y, picture_.width, picture_.height});
  canvas_.blend(text_.label(first_line, picture_.width, FontPx), x, y + picture_.height + 2);
  canvas_.blend(text_.label(second_line, picture_.width, FontPx), x, y + picture_.height + 2 + LineHeight);
  ++count_;
}

}  // namespace greffe::canvas
