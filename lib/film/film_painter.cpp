#include "film/film_painter.h"

namespace greffe::film {

Result<FilmPainter> FilmPainter::create(const FilmOrder& order, std::vector<caption::Cue> cues) {
  GREFFE_TRY(FilmText text,
             FilmText::create(order.folder->meeting, *order.plan, std::move(cues), order.look));
  return FilmPainter(order, std::make_unique<FilmText>(std::move(text)));
}

FilmPainter::FilmPainter(const FilmOrder& order, std::unique_ptr<FilmText> text)
    : text_(std::move(text)),
      stage_(std::make_unique<PictureStage>(*order.folder, *order.plan, *text_, order.look)),
      picture_(order.plan->width, order.plan->height) {}

const canvas::Canvas& FilmPainter::at(MeetingTime time) {
  stage_->draw(time);
  text_->turn_to(time);
  picture_.copy_from(stage_->canvas());
  text_->draw_over(picture_, stage_->caption_floor());
  return picture_;
}

}  // namespace greffe::film
