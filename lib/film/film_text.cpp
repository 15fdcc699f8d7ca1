#include "film/film_text.h"

#include <algorithm>
#include <utility>

#include "base/progress.h"

namespace greffe::film {
namespace {

// Tiles come in a handful of sizes; a plan edited by hand may have more.
constexpr std::size_t MostDresses = 512;

constexpr int SmallestLabel = 11;  // pixels; smaller letters cannot be read

constexpr std::size_t DateLength = 10;  // of YYYY-MM-DD

Result<std::string> date_on_card(WallTime start, const FilmLook& look) {
  const std::string& name = look.clock_zone.empty() ? look.date_zone : look.clock_zone;
  if (name.empty()) return rfc3339(start, 0).substr(0, DateLength) + " UTC";
  GREFFE_TRY(const TimeZone zone, TimeZone::find(name));
  return look.clock_zone.empty() ? zone.clock_of(start).substr(0, DateLength) : zone.clock_of(start);
}

}  // namespace

FilmText::FilmText(const timeline::Meeting& meeting, const layout::ScenePlan& plan,
                   std::vector<caption::Cue> cues, canvas::TextRenderer renderer)
    : renderer_(std::move(renderer)),
      names_(layout::display_names_of(meeting)),
      largest_label_px_(std::max(SmallestLabel, std::min(plan.width, plan.height) / 24)),
      cues_(std::move(cues)) {}

Result<FilmText> FilmText::create(const timeline::Meeting& meeting, const layout::ScenePlan& plan,
                                  std::vector<caption::Cue> cues, const FilmLook& look) {
  GREFFE_TRY(canvas::TextRenderer renderer, canvas::TextRenderer::create(look.palette()));
  FilmText text(meeting, plan, std::move(cues), std::move(renderer));
  text.start_ = meeting.start;
  text.has_card_ = look.title_card;
  text.logo_ = look.logo;
  text.title_ = meeting.title.empty() ? meeting.id : meeting.title;
  if (!look.clock_zone.empty()) {
    GREFFE_TRY(text.clock_zone_, TimeZone::find(look.clock_zone));
  }
  if (meeting.start != WallTime{}) {
    GREFFE_TRY(text.date_, date_on_card(meeting.start, look));
  }
  return text;
}

const TileDress& FilmText::dress_of(const layout::Tile& tile, const layout::Rectangle& place,
                                    bool with_picture) {
  const std::string words = tile.label ? *tile.label : layout::label_of(tile, names_);
  const DressKey key{tile.participant, words, place.width, place.height, with_picture};
  if (const auto known = dresses_.find(key); known != dresses_.end()) {
    used_gaps_.add(known->second.gaps);
    return known->second;
  }
  if (dresses_.size() >= MostDresses) dresses_.clear();
  const auto found = names_.find(tile.participant);
  const std::string& name = found == names_.end() ? tile.participant : found->second;
  const int side = std::min(place.width, place.height);
  TileDress dress;
  dress.label =
      renderer_.label(words, place.width * 9 / 10, std::clamp(side / 14, SmallestLabel, largest_label_px_));
  if (!with_picture) dress.initials = renderer_.initials(name, std::max(12, side / 4));
  dress.gaps = renderer_.take_gaps();
  used_gaps_.add(dress.gaps);
  return dresses_.emplace(key, std::move(dress)).first->second;
}

bool FilmText::turn_captions_to(MeetingTime time) {
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

bool FilmText::turn_to(MeetingTime time) {
  bool changed = turn_captions_to(time);
  if (clock_zone_) {
    const WallTime now = start_ + time.time_since_epoch();
    const CivilTime civil = civil_time(now);
    std::string clock = fmt::format("{}:{:02}", clock_zone_->clock_of(now), civil.second);
    changed = changed || clock != clock_;
    clock_ = std::move(clock);
  }
  const bool card = has_card_ && time.time_since_epoch() < TitleCardTime;
  changed = changed || card != card_;
  card_ = card;
  if (!card_) card_overlay_ = {};
  return changed;
}

canvas::TextGaps FilmText::take_gaps() { return std::exchange(used_gaps_, {}); }

void FilmText::draw_overlay(canvas::Canvas& canvas, const canvas::Overlay& overlay, int x, int y) {
  if (overlay.empty()) return;
  canvas.blend(overlay, x, y);
  drawn_areas_.push_back({x, y, overlay.width_px, overlay.height_px});
}

void FilmText::draw_over(canvas::Canvas& canvas, int caption_floor) {
  drawn_areas_.clear();
  if (card_) {
    if (card_overlay_.empty()) {
      card_overlay_ = renderer_.card(title_, date_, canvas.width(), canvas.height());
      card_gaps_ = renderer_.take_gaps();
    }
    used_gaps_.add(card_gaps_);
    return draw_overlay(canvas, card_overlay_, 0, 0);
  }
  const int edge = canvas.height() / 40 / 2 * 2;
  const bool fits =
      logo_.width_px + 2 * edge <= canvas.width() && logo_.height_px + 2 * edge <= canvas.height();
  if (fits)
    draw_overlay(canvas, logo_, canvas.width() - edge - logo_.width_px,
                 canvas.height() - edge - logo_.height_px);
  if (!clock_.empty()) {
    if (clock_drawn_ != clock_)
      clock_overlay_ =
          renderer_.label(clock_, canvas.width() - 2 * edge,
                          std::max(SmallestLabel, std::min(canvas.width(), canvas.height()) / 36));
    clock_drawn_ = clock_;
    draw_overlay(canvas, clock_overlay_, edge, edge);
  }
  if (!caption_drawn_) {
    caption_ =
        shown_.empty() ? canvas::PlacedOverlay{} : renderer_.caption(shown_, canvas.width(), canvas.height());
    caption_drawn_ = true;
    caption_gaps_ = renderer_.take_gaps();
  }
  used_gaps_.add(caption_gaps_);
  const int above = std::max(0, caption_.y - (canvas.height() - caption_floor));
  draw_overlay(canvas, caption_.overlay, caption_.x, above);
}

void FilmText::try_all(int width_px, int height_px) {
  if (has_card_) renderer_.card(title_, date_, width_px, height_px);
  for (const caption::Cue& cue : cues_) renderer_.caption({&cue, 1}, width_px, height_px);
  used_gaps_.add(renderer_.take_gaps());
}

Status check_glyphs(const FilmOrder& order) {
  const layout::ScenePlan& plan = *order.plan;
  GREFFE_TRY(FilmText text,
             FilmText::create(order.folder->meeting, *order.plan,
                              order.burn_captions ? order.cues : std::vector<caption::Cue>{}, order.look));
  for (const layout::Scene& scene : plan.scenes) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    for (const layout::Tile& tile : scene.tiles)
      text.dress_of(tile, tile.picture, tile.kind != layout::TileKind::Placeholder);
  }
  text.try_all(plan.width, plan.height);
  canvas::TextGaps gaps = text.take_gaps();
  gaps.captions_cut = gaps.title_cut = false;  // no font would help
  DamageLog missing;
  gaps.report(missing);
  if (missing.empty()) return {};
  std::string why;
  for (const Damage& entry : missing.entries())
    why += fmt::format("{}{}", why.empty() ? "" : "; ", entry.text);
  return fail("{}: {}", missing.entries().front().condition, why);
}

}  // namespace greffe::film
