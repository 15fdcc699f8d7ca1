#include "flow/film_text.h"

#include <algorithm>

namespace greffe::flow {
namespace {

// Tiles come in a handful of sizes; a plan edited by hand may have more.
constexpr std::size_t MostDresses = 512;

}  // namespace

FilmText::FilmText(const timeline::Meeting& meeting, std::vector<caption::Cue> cues,
                   canvas::TextRenderer renderer)
    : renderer_(std::move(renderer)), names_(layout::display_names_of(meeting)), cues_(std::move(cues)) {}

Result<FilmText> FilmText::create(const timeline::Meeting& meeting, std::vector<caption::Cue> cues) {
  GREFFE_TRY(canvas::TextRenderer renderer, canvas::TextRenderer::create());
  return FilmText(meeting, std::move(cues), std::move(renderer));
}

const TileDress& FilmText::dress_of(const layout::Tile& tile) {
  const std::string words = tile.label ? *tile.label : layout::label_of(tile, names_);
  const DressKey key{tile.participant, words, tile.picture.width, tile.picture.height};
  if (const auto known = dresses_.find(key); known != dresses_.end()) return known->second;
  if (dresses_.size() >= MostDresses) dresses_.clear();
  const auto found = names_.find(tile.participant);
  const std::string& name = found == names_.end() ? tile.participant : found->second;
  const int side = std::min(tile.picture.width, tile.picture.height);
  TileDress dress;
  dress.label = renderer_.label(words, tile.picture.width * 9 / 10, std::clamp(side / 14, 11, 30));
  dress.initials = renderer_.initials(name, std::max(12, side / 4));
  return dresses_.emplace(key, std::move(dress)).first->second;
}

bool FilmText::turn_to(MeetingTime time) {
  const std::size_t ended =
      std::erase_if(shown_, [&](const caption::Cue& cue) { return !cue.range.contains(time); });
  bool changed = ended > 0;
  for (; next_cue_ < cues_.size() && cues_[next_cue_].range.start <= time; ++next_cue_) {
    if (!cues_[next_cue_].range.contains(time)) continue;
    shown_.push_back(cues_[next_cue_]);
    changed = true;
  }
  if (changed) caption_drawn_ = false;
  return changed;
}

void FilmText::draw_caption(canvas::Canvas& canvas) {
  if (!caption_drawn_) {
    caption_ =
        shown_.empty() ? canvas::PlacedOverlay{} : renderer_.caption(shown_, canvas.width(), canvas.height());
    caption_drawn_ = true;
  }
  if (!caption_.overlay.empty()) canvas.blend(caption_.overlay, caption_.x, caption_.y);
}

}  // namespace greffe::flow
