// The picture of missing_report.h.
#include <algorithm>
#include <array>

#include "base/text.h"
#include "canvas/canvas.h"
#include "canvas/text_renderer.h"
#include "codec/png.h"
#include "intake/missing_report.h"

namespace greffe::intake {
namespace {

constexpr int Width = 1280;
constexpr int NamesWidth = 300;
constexpr int Margin = 16;
constexpr int HeadHeight = 72;  // title and the scale of time
constexpr int FootHeight = 40;  // what the colours mean
constexpr int ColumnWidth = 2;
constexpr int StripWidth = Width - NamesWidth - 2 * Margin;
constexpr int Columns = StripWidth / ColumnWidth;
constexpr std::size_t MostRows = 300;

// How a track's row looks: smaller in a crowd, so that the picture does not grow beyond measure.
struct RowLook {
  int height_px, step_px, font_px;
};
constexpr std::size_t Crowd = 100;
constexpr RowLook row_look(std::size_t rows) {
  return rows > Crowd ? RowLook{10, 12, 9} : RowLook{20, 26, 14};
}
constexpr int FontPx = row_look(0).font_px;

// From good to bad: a column shows the worst that touches it.
enum class State : std::uint8_t { Absent, Whole, Stalled, Repaired, Gone };
struct StateLook {
  canvas::Colour colour;
  const char* words;
};
constexpr std::array<StateLook, 5> Looks{{{{44, 130, 127}, "no track"},
                                          {{128, 112, 102}, "whole"},
                                          {{92, 128, 128}, "nothing sent"},
                                          {{180, 60, 160}, "lost, concealed or without effect"},
                                          {{88, 100, 205}, "silence, freeze or no key frame"}}};
constexpr canvas::Colour StripGround{24, 130, 127};

State state_of(timeline::MissingKind kind) {
  switch (kind) {
    case timeline::MissingKind::Stall: return State::Stalled;
    case timeline::MissingKind::Loss:
    case timeline::MissingKind::Concealment: return State::Repaired;
    default: return State::Gone;
  }
}

// Meeting time → columns.
struct Scale {
  MeetingTime start{};
  Duration span{1};

  int column_at(MeetingTime time) const {
    const auto column = static_cast<__int128>((time - start).count()) * Columns / span.count();
    return static_cast<int>(std::clamp<__int128>(column, 0, Columns));
  }
  void mark(std::vector<State>& columns, const TimeRange& range, State state) const {
    const int first = std::min(column_at(range.start), Columns - 1);
    for (int i = first; i < std::max(first + 1, column_at(range.end)); ++i) {
      auto& column = columns[static_cast<std::size_t>(i)];
      column = std::max(column, state);
    }
  }
};

Scale scale_of(const timeline::Meeting& meeting) {
  Scale scale{.span = std::max<Duration>(std::chrono::seconds(1), meeting.end.time_since_epoch())};
  for (const timeline::TrackSidecar& track : meeting.tracks)
    if (track.range.start < scale.start) scale.start = track.range.start;
  scale.span += MeetingTime{} - scale.start;
  return scale;
}

std::vector<State> columns_of(const timeline::TrackSidecar& track,
                              const std::vector<timeline::MissingSpan>& missing, const Scale& scale) {
  std::vector<State> columns(Columns, State::Absent);
  scale.mark(columns, track.range, State::Whole);
  for (const timeline::MissingSpan& span : missing) scale.mark(columns, span.range, state_of(span.kind));
  return columns;
}

class Drawing {
 public:
  Drawing(const timeline::Meeting& meeting, const MissingOfTracks& missing, canvas::TextRenderer text)
      : meeting_(meeting),
        missing_(missing),
        text_(std::move(text)),
        scale_(scale_of(meeting)),
        rows_(std::min(meeting.tracks.size(), MostRows)),
        look_(row_look(rows_)),
        canvas_(Width, HeadHeight + static_cast<int>(rows_) * look_.step_px + FootHeight) {}

  const canvas::Canvas& draw() {
    canvas_.fill({0, 0, canvas_.width(), canvas_.height()}, StripGround);
    write(meeting_.title.empty() ? meeting_.id : meeting_.title, Margin, 8, Width - 2 * Margin, 20);
    draw_time();
    for (std::size_t row = 0; row < rows_; ++row) draw_track(row);
    draw_legend();
    return canvas_;
  }

 private:
  int write(const std::string& words, int x, int y, int max_width, int font_px = FontPx) {
    const canvas::Overlay label = text_.label(words, max_width, font_px);
    canvas_.blend(label, x, y);
    return label.width_px;
  }

  void draw_time() {
    constexpr int Marks = 6;
    for (int i = 0; i <= Marks; ++i) {
      const int x = NamesWidth + Margin + StripWidth * i / Marks / 2 * 2;
      const Duration at = scale_.span * i / Marks;
      std::string words = clock_text(std::chrono::round<std::chrono::seconds>(scale_.start + at));
      words.resize(words.size() - 4);  // without milliseconds
      canvas_.fill({std::min(x, Width - Margin - 2), HeadHeight - 10, 2, 8}, Looks[1].colour);
      write(words, std::min(x, Width - 76) / 2 * 2, HeadHeight - 32, 76);
    }
  }

  void draw_track(std::size_t row) {
    const timeline::TrackSidecar& track = meeting_.tracks[row];
    const timeline::Participant* person = meeting_.find_participant(track.participant);
    const int y = HeadHeight + static_cast<int>(row) * look_.step_px;
    write(fmt::format("{} · {}", person ? person->name : track.participant, track.role), Margin, y,
          NamesWidth - 8, look_.font_px);
    const auto columns = columns_of(track, missing_[row], scale_);
    for (int start = 0; start < Columns;) {
      const State state = columns[static_cast<std::size_t>(start)];
      int end = start;
      while (end < Columns && columns[static_cast<std::size_t>(end)] == state) ++end;
      canvas_.fill(
          {NamesWidth + Margin + start * ColumnWidth, y, (end - start) * ColumnWidth, look_.height_px},
          Looks[static_cast<std::size_t>(state)].colour);
      start = end;
    }
  }

  void draw_legend() {
    const int y = canvas_.height() - FootHeight + 10;
    int x = Margin;
    for (const StateLook& look : Looks) {
      canvas_.fill({x, y, 20, 20}, look.colour);
      x += 24 + write(look.words, x + 24, y, 300) + 20;
    }
  }

  const timeline::Meeting& meeting_;
  const MissingOfTracks& missing_;
  canvas::TextRenderer text_;
  Scale scale_;
  std::size_t rows_;
  RowLook look_;
  canvas::Canvas canvas_;
};

}  // namespace

Result<std::vector<std::uint8_t>> missing_strips(const timeline::Meeting& meeting,
                                                 const MissingOfTracks& missing) {
  GREFFE_TRY(canvas::TextRenderer text, canvas::TextRenderer::create());
  Drawing drawing(meeting, missing, std::move(text));
  return codec::write_png(drawing.draw().picture());
}

}  // namespace greffe::intake
