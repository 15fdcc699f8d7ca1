// The words in a film's picture: names on tiles, captions at its bottom.
#pragma once

#include <map>
#include <string>
#include <tuple>
#include <vector>

#include "canvas/canvas.h"
#include "canvas/text_renderer.h"
#include "caption/cue.h"
#include "layout/names.h"
#include "timeline/meeting.h"

namespace greffe::flow {

// What lies over a tile's picture.
struct TileDress {
  canvas::Overlay label;     // at its lower left
  canvas::Overlay initials;  // in the middle, where there is no picture
};

// Draws every text once and keeps it. Not thread-safe.
class FilmText {
 public:
  // `cues` are burned in; in order of start. `meeting` must outlive this object.
  static Result<FilmText> create(const timeline::Meeting& meeting, std::vector<caption::Cue> cues);

  // Valid until the next call.
  const TileDress& dress_of(const layout::Tile& tile);

  // Takes the captions shown at `time`, which never goes back. True when they are others than before.
  bool turn_to(MeetingTime time);
  // What is drawn lies in caption_area(), which is empty when nothing is.
  void draw_caption(canvas::Canvas& canvas);
  layout::Rectangle caption_area() const {
    return {caption_.x, caption_.y, caption_.overlay.width_px, caption_.overlay.height_px};
  }

  canvas::TextGaps gaps() const { return renderer_.gaps(); }

 private:
  using DressKey = std::tuple<std::string, std::string, int, int>;  // id, words, width, height

  FilmText(const timeline::Meeting& meeting, std::vector<caption::Cue> cues, canvas::TextRenderer renderer);

  canvas::TextRenderer renderer_;
  layout::DisplayNames names_;
  std::map<DressKey, TileDress> dresses_;
  std::vector<caption::Cue> cues_;
  std::size_t next_cue_ = 0;
  std::vector<caption::Cue> shown_;
  bool caption_drawn_ = false;
  canvas::PlacedOverlay caption_;
};

}  // namespace greffe::flow
