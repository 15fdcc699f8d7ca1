// The words in a film's picture: names on tiles, captions at its bottom.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <tuple>
#include <vector>

#include "canvas/canvas.h"
#include "canvas/text_renderer.h"
#include "caption/cue.h"
#include "film/film_look.h"
#include "film/film_order.h"
#include "layout/names.h"
#include "timeline/meeting.h"
#include "units/time_zone.h"

namespace greffe::film {

constexpr Duration TitleCardTime = std::chrono::seconds(4);

// What lies over a tile's picture.
struct TileDress {
  canvas::Overlay label;     // at its lower left
  canvas::Overlay initials;  // in the middle, where there is no picture; else empty
  canvas::TextGaps gaps;     // of both
};

// Fails when a font lacks anything that the film's pictures have words of, and says which to install.
Status check_glyphs(const FilmOrder& order);

// Draws every text once and keeps it. Not thread-safe.
class FilmText {
 public:
  // For films of `plan`, of which only the size counts. `cues` are burned in; in order of start. `meeting`
  // must outlive this object.
  static Result<FilmText> create(const timeline::Meeting& meeting, const layout::ScenePlan& plan,
                                 std::vector<caption::Cue> cues, const FilmLook& look = {});

  // Of a tile whose picture, if it has one, is drawn in `place`. Valid until the next call.
  const TileDress& dress_of(const layout::Tile& tile, const layout::Rectangle& place, bool with_picture);

  // Takes the captions, the clock and the title card shown at `time`, which never goes back. True when
  // anything is other than before.
  bool turn_to(MeetingTime time);
  // Over all tiles, captions above `caption_floor` (layout/caption_floor.h). What was drawn last lies in
  // drawn_areas().
  void draw_over(canvas::Canvas& canvas, int caption_floor);
  const std::vector<layout::Rectangle>& drawn_areas() const { return drawn_areas_; }

  // Draws all cues that are burned in and what stands on the title card, for take_gaps().
  void try_all(int width_px, int height_px);
  // Of all words that were drawn or given since the last call, however long ago they were made.
  canvas::TextGaps take_gaps();

 private:
  // id, words, width, height, with a picture
  using DressKey = std::tuple<std::string, std::string, int, int, bool>;

  FilmText(const timeline::Meeting& meeting, const layout::ScenePlan& plan, std::vector<caption::Cue> cues,
           canvas::TextRenderer renderer);
  bool turn_captions_to(MeetingTime time);
  void draw_overlay(canvas::Canvas& canvas, const canvas::Overlay& overlay, int x, int y);

  canvas::TextRenderer renderer_;
  layout::DisplayNames names_;
  int largest_label_px_;  // letters, whatever the size of the tile
  std::map<DressKey, TileDress> dresses_;
  std::vector<caption::Cue> cues_;
  std::size_t next_cue_ = 0;
  std::vector<caption::Cue> shown_;
  bool caption_drawn_ = false;
  canvas::PlacedOverlay caption_;
  canvas::TextGaps caption_gaps_, card_gaps_;
  canvas::TextGaps used_gaps_;
  std::optional<TimeZone> clock_zone_;
  std::string clock_, clock_drawn_;  // what it shows, and showed when it was drawn
  canvas::Overlay clock_overlay_, card_overlay_;
  bool card_ = false;  // is shown
  bool has_card_ = false;
  std::string title_, date_;  // on the card
  WallTime start_{};
  canvas::Overlay logo_;
  std::vector<layout::Rectangle> drawn_areas_;
};

}  // namespace greffe::film
