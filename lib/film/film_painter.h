// A film's picture as it stands at any time, for what is drawn of a film beside it.
#pragma once

#include <memory>

#include "film/film_order.h"
#include "film/film_text.h"
#include "film/picture_stage.h"

namespace greffe::film {

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

}  // namespace greffe::film
