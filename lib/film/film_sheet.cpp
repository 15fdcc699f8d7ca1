#include "film/film_sheet.h"

#include <algorithm>

#include "base/progress.h"
#include "canvas/contact_sheet.h"
#include "codec/png.h"
#include "film/film_painter.h"

namespace greffe::film {
namespace {

constexpr std::int64_t MostPictures = 24;

std::string chapter_at(const layout::ScenePlan& plan, MeetingTime time) {
  std::string title;
  for (const layout::Chapter& chapter : plan.chapters)
    if (chapter.start <= time) title = chapter.title;
  return title;
}

}  // namespace

Result<std::vector<std::uint8_t>> sheet_of(const FilmOrder& order) {
  const layout::ScenePlan& plan = *order.plan;
  const ChunkGrid grid = order.grid();
  const std::int64_t a_second = std::max<std::int64_t>(1, order.rate.numerator / order.rate.denominator);
  const std::int64_t pictures = std::clamp<std::int64_t>(grid.frames / a_second, 1, MostPictures);
  GREFFE_TRY(canvas::ContactSheet sheet,
             canvas::ContactSheet::create(plan, static_cast<std::size_t>(pictures)));
  GREFFE_TRY(FilmPainter painter,
             FilmPainter::create(order, order.burn_captions ? order.cues : std::vector<caption::Cue>{}));
  for (std::int64_t i = 0; i < pictures; ++i) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    // The middle of each part of the film.
    const MeetingTime time = grid.clock.middle_of(grid.frames * (2 * i + 1) / (2 * pictures));
    sheet.add(painter.at(time), clock_text(time), chapter_at(plan, time));
  }
  return codec::write_png(sheet.drawn().picture());
}

}  // namespace greffe::film
