#include "film/film_thumbnails.h"

#include <algorithm>

#include "base/progress.h"
#include "caption/webvtt.h"
#include "codec/jpeg.h"
#include "film/film_painter.h"
#include "layout/grid.h"

namespace greffe::film {
namespace {

constexpr std::int64_t ShortestStretch = 5;  // seconds
constexpr std::int64_t MostThumbnails = 300;
constexpr int PerRow = 10;
constexpr int ThumbnailBox = 160;  // a side of the square that one fits in

// Where the small pictures lie, and what part of the film each is of.
struct ThumbnailGrid {
  int width = 0, height = 0;  // of one
  std::int64_t stretch = 0;   // seconds
  std::int64_t count = 0;
  MeetingTime end{};  // of the film

  explicit ThumbnailGrid(const FilmOrder& order) {
    const layout::Rectangle one =
        layout::fitted({order.plan->width, order.plan->height}, {0, 0, ThumbnailBox, ThumbnailBox});
    width = one.width;
    height = one.height;
    const ChunkGrid grid = order.grid();
    end = grid.clock.start_of(grid.frames);
    const std::int64_t seconds = (whole_ms(end) + 999) / 1000;
    stretch = std::max(ShortestStretch, (seconds + MostThumbnails - 1) / MostThumbnails);
    count = std::max<std::int64_t>(1, (seconds + stretch - 1) / stretch);
  }
  TimeRange range_of(std::int64_t number) const {
    const MeetingTime start(std::chrono::seconds(number * stretch));
    return {start, std::min(end, MeetingTime(start + std::chrono::seconds(stretch)))};
  }
  int x_of(std::int64_t number) const { return static_cast<int>(number % PerRow) * width; }
  int y_of(std::int64_t number) const { return static_cast<int>(number / PerRow) * height; }
  canvas::Canvas sheet() const {
    return {static_cast<int>(std::min<std::int64_t>(count, PerRow)) * width,
            static_cast<int>((count + PerRow - 1) / PerRow) * height};
  }
};

// The frame of the film that shows `time`.
MeetingTime shown_at(const ChunkGrid& grid, MeetingTime time) {
  return grid.clock.middle_of(std::clamp<std::int64_t>(grid.clock.frame_of(time), 0, grid.frames - 1));
}

MeetingTime middle_of_longest_scene(const layout::ScenePlan& plan) {
  const auto longest = std::max_element(
      plan.scenes.begin(), plan.scenes.end(),
      [](const auto& one, const auto& other) { return one.range.duration() < other.range.duration(); });
  return longest->range.start + longest->range.duration() / 2;
}

std::string track_of(const ThumbnailGrid& small) {
  std::string track = "WEBVTT\n";
  for (std::int64_t i = 0; i < small.count; ++i) {
    const TimeRange range = small.range_of(i);
    track += fmt::format("\n{} --> {}\n{}#xywh={},{},{},{}\n", caption::webvtt_time(range.start),
                         caption::webvtt_time(range.end), ThumbnailSheetName, small.x_of(i), small.y_of(i),
                         small.width, small.height);
  }
  return track;
}

}  // namespace

Result<Thumbnails> thumbnails_of(const FilmOrder& order) {
  const ChunkGrid grid = order.grid();
  const ThumbnailGrid small(order);
  Thumbnails made;
  {
    GREFFE_TRY(FilmPainter painter, FilmPainter::create(order, {}));
    const canvas::Canvas& poster = painter.at(shown_at(grid, middle_of_longest_scene(*order.plan)));
    GREFFE_TRY(made.poster, codec::write_jpeg(poster.picture()));
  }
  GREFFE_TRY(FilmPainter painter, FilmPainter::create(order, {}));
  canvas::Canvas sheet = small.sheet();
  sheet.fill({0, 0, sheet.width(), sheet.height()}, order.look.palette().background);
  for (std::int64_t i = 0; i < small.count; ++i) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const TimeRange range = small.range_of(i);
    const canvas::Canvas& picture = painter.at(shown_at(grid, range.start + range.duration() / 2));
    sheet.draw(picture.picture(), {}, {small.x_of(i), small.y_of(i), small.width, small.height});
  }
  GREFFE_TRY(made.sheet, codec::write_jpeg(sheet.picture()));
  made.track = track_of(small);
  return made;
}

std::vector<Path> thumbnail_files(const Path& folder) {
  return {folder / PosterName, folder / ThumbnailSheetName, folder / ThumbnailTrackName};
}

Status write_thumbnails(const Thumbnails& thumbnails, const Path& folder) {
  GREFFE_CHECK(make_directories(folder));
  GREFFE_CHECK(write_bytes_atomically(folder / PosterName, thumbnails.poster));
  GREFFE_CHECK(write_bytes_atomically(folder / ThumbnailSheetName, thumbnails.sheet));
  return write_text_atomically(folder / ThumbnailTrackName, thumbnails.track);
}

}  // namespace greffe::film
