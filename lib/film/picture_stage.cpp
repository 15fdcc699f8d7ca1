#include "film/picture_stage.h"

#include <algorithm>
#include <set>
#include <utility>

#include "canvas/palette.h"
#include "layout/caption_floor.h"
#include "layout/grid.h"

namespace greffe::film {
namespace {

bool holds(const std::vector<TimeRange>& ranges, MeetingTime time) {
  const auto after =
      std::upper_bound(ranges.begin(), ranges.end(), time,
                       [](MeetingTime at, const TimeRange& range) { return at < range.start; });
  return after != ranges.begin() && std::prev(after)->contains(time);
}

// What a crop leaves of a plane, cut at multiples of `step`.
media::PlaneView cropped(const media::PlaneView& plane, const layout::Crop& crop, int step) {
  const auto cut = [step](int length, int thousandths) { return length * thousandths / 1000 / step * step; };
  const int left = cut(plane.width_px, crop.left), top = cut(plane.height_px, crop.top);
  media::PlaneView rest = plane;
  rest.pixels += top * plane.stride + left;
  rest.width_px = std::max(step, plane.width_px - left - cut(plane.width_px, crop.right));
  rest.height_px = std::max(step, plane.height_px - top - cut(plane.height_px, crop.bottom));
  return rest;
}

// The sides of a shown picture as they lie in the stored one.
layout::Crop stored_crop(layout::Crop crop, media::Orientation orientation) {
  for (int turned = 0; turned < orientation.rotation_deg; turned += 90)
    crop = {crop.top, crop.right, crop.bottom, crop.left};
  if (orientation.flip) std::swap(crop.left, crop.right);
  return crop;
}

media::Picture cropped(const media::Picture& picture, const layout::Crop& crop) {
  if (picture.size.width_px < 20 || picture.size.height_px < 20) return picture;
  media::Picture rest = picture;
  rest.y = cropped(picture.y, crop, 2);
  rest.u = cropped(picture.u, crop, 1);
  rest.v = cropped(picture.v, crop, 1);
  rest.size = {rest.y.width_px, rest.y.height_px};
  return rest;
}

// Where a picture lies in its tile: as planned, unless its shape is another than the plan expected.
layout::Rectangle place_of(media::PictureSize shown, media::Orientation orientation,
                           const layout::Tile& tile) {
  layout::Aspect aspect{shown.width_px, shown.height_px};
  if (orientation.rotation_deg % 180 != 0) std::swap(aspect.width, aspect.height);
  if (layout::fitted(aspect, tile.picture) == tile.picture) return tile.picture;
  return layout::fitted(aspect, tile.area);
}

// About 1 % of the tile's height.
int border_of(const layout::Rectangle& area) { return std::max(2, area.height / 100 / 2 * 2); }

}  // namespace

PictureStage::PictureStage(const timeline::MeetingFolder& folder, const layout::ScenePlan& plan,
                           FilmText& text, const FilmLook& look)
    : folder_(folder),
      plan_(plan),
      text_(text),
      look_(look),
      canvas_(plan.width, plan.height),
      caption_floor_(plan.height) {
  for (std::size_t i = 0; i < plan.scenes.size(); ++i)
    for (const layout::Tile& tile : plan.scenes[i].tiles) last_scene_[tile.track] = i;
}

// In each chunk that would show it, once.
void PictureStage::tell_refused(const std::string& track) {
  if (const auto refused = refused_.find(track); refused != refused_.end() && told_.insert(track).second)
    damage_.add({"track-not-shown", track, "", 0, 1, refused->second});
}

PictureTrack* PictureStage::track_of(const layout::Tile& tile) {
  if (tile.kind == layout::TileKind::Placeholder) return nullptr;
  tell_refused(tile.track);
  const auto known = tracks_.find(tile.track);
  if (known != tracks_.end()) return known->second.get();
  const timeline::TrackSidecar* sidecar = folder_.meeting.find_track(tile.track);
  std::unique_ptr<PictureTrack> track;
  if (sidecar) {
    auto opened = PictureTrack::open(folder_, *sidecar, layout::tile_spans_of(plan_, tile.track));
    if (opened)
      track = std::make_unique<PictureTrack>(std::move(*opened));
    else if (opened.error().kind() == ErrorKind::Damaged)
      refused_[tile.track] = opened.error().message();
    else
      fail_with(opened.error());
    tell_refused(tile.track);
  }
  return tracks_.emplace(tile.track, std::move(track)).first->second.get();
}

void PictureStage::close_tracks_not_needed_from(std::size_t scene) {
  std::erase_if(tracks_, [&](const auto& entry) {
    if (last_scene_[entry.first] >= scene) return false;
    if (entry.second) report(*entry.second);
    return true;
  });
}

void PictureStage::begin_chunk(MeetingTime before) {
  begins_chunk_ = true;
  drawn_until_ = before;
}

// A track that was not on the canvas just now, or comes from another chunk, is settled first.
void PictureStage::enter_scene(std::size_t scene) {
  close_tracks_not_needed_from(scene);
  std::set<const PictureTrack*> shown;
  if (!begins_chunk_)
    for (const TileState& state : tiles_) shown.insert(state.track);
  tiles_.clear();
  for (const layout::Tile& tile : plan_.scenes[scene].tiles) {
    PictureTrack* const track = track_of(tile);
    if (track && shown.insert(track).second) track->settle(drawn_until_);
    tiles_.push_back({.tile = &tile, .track = track});
  }
  std::stable_sort(tiles_.begin(), tiles_.end(),
                   [](const TileState& a, const TileState& b) { return a.tile->z < b.tile->z; });
  for (std::size_t i = 0; i < tiles_.size(); ++i)
    for (std::size_t k = i + 1; k < tiles_.size(); ++k)
      if (tiles_[i].tile->area.overlaps(tiles_[k].tile->area)) {
        tiles_[i].above.push_back(k);
        tiles_[k].over = true;
      }
  canvas_.fill({0, 0, canvas_.width(), canvas_.height()}, look_.palette().background);
  caption_floor_ = layout::caption_floor(plan_.scenes[scene], plan_.height);
  begins_chunk_ = false;
}

void PictureStage::turn_to(MeetingTime time) {
  while (next_scene_ < plan_.scenes.size() && plan_.scenes[next_scene_].range.start <= time) {
    // A scene too short to hold a middle of a frame is passed over.
    if (plan_.scenes[next_scene_].range.end > time || next_scene_ + 1 == plan_.scenes.size())
      enter_scene(next_scene_);
    ++next_scene_;
  }
  if (begins_chunk_ && next_scene_ > 0) enter_scene(next_scene_ - 1);
}

void PictureStage::draw(MeetingTime time) {
  canvas_.forget_changes();
  turn_to(time);
  for (TileState& state : tiles_)
    if (draw_tile(state, time))
      for (const std::size_t above : state.above) tiles_[above].drawn = false;
  drawn_until_ = time;
}

// True when it was.
bool PictureStage::draw_tile(TileState& state, MeetingTime time) {
  if (state.track) state.track->advance_to(time);
  const std::uint64_t shown = state.track ? state.track->pictures_shown() : 0;
  const bool highlighted = holds(state.tile->highlights, time);
  if (state.drawn && shown == state.pictures_shown && highlighted == state.highlighted) return false;
  state.highlighted = highlighted;
  state.pictures_shown = shown;
  const bool with_picture = state.track && state.track->picture();
  if (with_picture)
    draw_picture(state);
  else
    draw_placeholder(state);
  draw_dress(state, with_picture);
  state.drawn = true;
  return true;
}

void PictureStage::draw_picture(TileState& state) {
  const media::Picture& whole = *state.track->picture();
  const bool cuts = state.tile->crop != layout::Crop{};
  const media::Picture picture =
      cuts ? cropped(whole, stored_crop(state.tile->crop, state.track->orientation())) : whole;
  const layout::Rectangle place =
      place_of(state.track->shown(picture.size), state.track->orientation(), *state.tile);
  // What lies over another tile hides all of it, whatever the picture's shape was before.
  const bool new_place = state.drawn && place != state.picture;
  if (new_place || (state.over && place != state.tile->area))
    canvas_.fill(state.tile->area, look_.palette().background);
  state.picture = place;
  canvas_.draw(picture, state.track->orientation(), place);
}

void PictureStage::draw_placeholder(TileState& state) {
  state.picture = state.tile->picture;
  canvas_.fill(state.picture, canvas::calm_colour(state.tile->participant, look_.palette()));
}

void PictureStage::draw_dress(const TileState& state, bool with_picture) {
  const layout::Rectangle& place = state.picture;
  const TileDress& dress = text_.dress_of(*state.tile, place, with_picture);
  if (!with_picture)
    canvas_.blend(dress.initials, place.x + (place.width - dress.initials.width_px) / 4 * 2,
                  place.y + (place.height - dress.initials.height_px) / 4 * 2);
  if (state.highlighted) canvas_.draw_border(place, border_of(place), look_.palette().highlight);
  if (look_.round && !state.over) draw_corners(state);
  // A fifteenth away from the edges: what a screen cuts off or a caption covers. It never leaves the picture.
  const int margin = std::min(place.width, place.height) / 15;
  const int free_px = place.height - margin - dress.label.height_px - 2;
  if (free_px >= 0) canvas_.blend(dress.label, place.x + margin / 2 * 2, place.y + free_px / 2 * 2);
}

// Not where the picture is the whole film's, which has no background to show.
void PictureStage::draw_corners(const TileState& state) {
  const layout::Rectangle& place = state.picture;
  if (place.width == canvas_.width() && place.height == canvas_.height()) return;
  const int radius =
      std::min(std::min(place.width, place.height) / 16, std::min(canvas_.width(), canvas_.height()) / 36) /
      2 * 2;
  if (radius < 4) return;
  const int border = state.highlighted ? border_of(place) : 0;
  const auto [known, made] = corners_.try_emplace({radius, border});
  if (made) known->second = canvas::corners_of(radius, border, look_.palette());
  const auto& overlays = known->second.overlays;
  const int right = place.x + place.width - radius, below = place.y + place.height - radius;
  canvas_.blend(overlays[0], place.x, place.y);
  canvas_.blend(overlays[1], right, place.y);
  canvas_.blend(overlays[2], place.x, below);
  canvas_.blend(overlays[3], right, below);
}

void PictureStage::fail_with(const Error& error) {
  if (failure_) failure_ = tl::unexpected(error);
}

void PictureStage::report(PictureTrack& track) {
  track.report(damage_);
  if (const Status read = track.status(); !read) fail_with(read.error());
}

Result<DamageLog> PictureStage::end_chunk() {
  for (const auto& [name, track] : tracks_)
    if (track) report(*track);
  GREFFE_CHECK(failure_);
  told_.clear();
  return std::exchange(damage_, {});
}

}  // namespace greffe::film
