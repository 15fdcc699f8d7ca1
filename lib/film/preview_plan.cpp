#include "film/preview_plan.h"

#include <algorithm>

#include "canvas/contact_sheet.h"
#include "codec/png.h"
#include "film/film_text.h"
#include "film/picture_stage.h"

namespace greffe::film {
namespace {

constexpr std::size_t MostScenes = 120;

// Which scenes are shown: all, or as many as there is room for.
std::vector<std::size_t> scenes_shown(std::size_t scenes) {
  std::vector<std::size_t> shown;
  const std::size_t count = std::min(scenes, MostScenes);
  for (std::size_t i = 0; i < count; ++i) shown.push_back(i * scenes / count);
  return shown;
}

std::string when_text(std::size_t index, const layout::Scene& scene) {
  return fmt::format("{}  {} to {}", index, clock_text(scene.range.start), clock_text(scene.range.end));
}

}  // namespace

Result<std::vector<std::uint8_t>> preview_of(const timeline::MeetingFolder& folder,
                                             const layout::ScenePlan& plan, ProgressSink& progress,
                                             DamageLog& damage) {
  if (plan.scenes.empty()) return fail("a plan without scenes has no preview");
  GREFFE_TRY(FilmText text, FilmText::create(folder.meeting, plan, {}));
  PictureStage pictures(folder, plan, text);
  const std::vector<std::size_t> shown = scenes_shown(plan.scenes.size());
  GREFFE_TRY(canvas::ContactSheet sheet, canvas::ContactSheet::create(plan, shown.size()));
  for (std::size_t i = 0; i < shown.size(); ++i) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const layout::Scene& scene = plan.scenes[shown[i]];
    pictures.draw(scene.range.start + scene.range.duration() / 2);
    sheet.add(pictures.canvas(), when_text(shown[i], scene), scene.reason);
    progress.advance("previewing", i + 1, shown.size());
  }
  GREFFE_TRY(const DamageLog met, pictures.end_chunk());
  damage.add_all(met);
  canvas::TextGaps gaps = text.take_gaps();
  gaps.add(sheet.take_gaps());
  gaps.report(damage);
  return codec::write_png(sheet.drawn().picture());
}

}  // namespace greffe::film
