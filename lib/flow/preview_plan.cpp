#include "flow/preview_plan.h"

#include <algorithm>

#include "base/file.h"
#include "canvas/palette.h"
#include "canvas/text_renderer.h"
#include "codec/png.h"
#include "flow/film_text.h"
#include "flow/picture_stage.h"
#include "layout/grid.h"

namespace greffe::flow {
namespace {

constexpr std::size_t MostScenes = 120;
constexpr std::size_t Columns = 4;
constexpr int Margin = 16;
constexpr int Box = 320;  // a side of the square that a small picture fits in
constexpr int LineHeight = 22;
constexpr int FontPx = 14;
constexpr canvas::Colour SheetPaper{44, 130, 127};

// Which scenes are shown: all, or as many as there is room for.
std::vector<std::size_t> scenes_shown(std::size_t scenes) {
  std::vector<std::size_t> shown;
  const std::size_t count = std::min(scenes, MostScenes);
  for (std::size_t i = 0; i < count; ++i) shown.push_back(i * scenes / count);
  return shown;
}

class Sheet {
 public:
  Sheet(const layout::ScenePlan& plan, std::size_t pictures, canvas::TextRenderer text)
      : text_(std::move(text)),
        picture_(layout::fitted({plan.width, plan.height}, {0, 0, Box, Box})),
        columns_(std::min(Columns, pictures)),
        canvas_(Margin + static_cast<int>(columns_) * step_x(),
                Margin + static_cast<int>((pictures + columns_ - 1) / columns_) * step_y()) {
    canvas_.fill({0, 0, canvas_.width(), canvas_.height()}, SheetPaper);
  }

  void add(const canvas::Canvas& scene, const std::string& when, const std::string& why) {
    const int x = Margin + static_cast<int>(count_ % columns_) * step_x();
    const int y = Margin + static_cast<int>(count_ / columns_) * step_y();
    canvas_.draw(scene.picture(), {}, {x, y, picture_.width, picture_.height});
    canvas_.blend(text_.label(when, picture_.width, FontPx), x, y + picture_.height + 2);
    canvas_.blend(text_.label(why, picture_.width, FontPx), x, y + picture_.height + 2 + LineHeight);
    ++count_;
  }

  const canvas::Canvas& drawn() const { return canvas_; }
  canvas::TextGaps take_gaps() { return text_.take_gaps(); }

 private:
  int step_x() const { return picture_.width + Margin; }
  int step_y() const { return picture_.height + 2 * LineHeight + Margin; }

  canvas::TextRenderer text_;
  layout::Rectangle picture_;
  std::size_t columns_;
  canvas::Canvas canvas_;
  std::size_t count_ = 0;
};

std::string when_text(std::size_t index, const layout::Scene& scene) {
  return fmt::format("{}  {} to {}", index, clock_text(scene.range.start), clock_text(scene.range.end));
}

}  // namespace

Result<std::vector<std::uint8_t>> preview_of(const MeetingFolder& folder, const layout::ScenePlan& plan,
                                             ProgressSink& progress, DamageLog& damage) {
  if (plan.scenes.empty()) return fail("a plan without scenes has no preview");
  GREFFE_TRY(canvas::TextRenderer renderer, canvas::TextRenderer::create());
  GREFFE_TRY(FilmText text, FilmText::create(folder.meeting, {}));
  PictureStage pictures(folder, plan, text);
  const std::vector<std::size_t> shown = scenes_shown(plan.scenes.size());
  Sheet sheet(plan, shown.size(), std::move(renderer));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const layout::Scene& scene = plan.scenes[shown[i]];
    pictures.draw(scene.range.start + scene.range.duration() / 2);
    sheet.add(pictures.canvas(), when_text(shown[i], scene), scene.reason);
    progress.advance("previewing", i + 1, shown.size());
  }
  damage.add_all(pictures.end_chunk());
  canvas::TextGaps gaps = text.take_gaps();
  gaps.add(sheet.take_gaps());
  gaps.report(damage);
  return codec::write_png(sheet.drawn().picture());
}

}  // namespace greffe::flow
