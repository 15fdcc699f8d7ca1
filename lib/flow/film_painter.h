// A film's picture as it stands at any time, for what is drawn of a film beside it.
#pragma once

#include <memory>

#include "flow/film_order.h"
#include "flow/film_text.h"
#include "flow/picture_stage.h"

namespace greffe::flow {

class FilmPainter {
 public:
  // With these captions drawn in. `order` must outlive this object.
  static Result<FilmPainter> create(const FilmOrder& order, std::vector<caption::Cue> cues);
  // `time` never goes back. Valid until the next call.
  const canvas::Canvas& at(MeetingTime time);

 private:
  FilmPainter(const FilmOrder& order, std::unique_ptr<FilmText> text);

  std::unique_ptr<FilmText> text_;
  std::unique_ptr<PictureStage> stage_;
  canvas::Canvas picture_;
};

}  // namespace greffe::flow
