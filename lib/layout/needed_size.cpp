#include "layout/needed_size.h"

#include <algorithm>

namespace greffe::layout {

std::vector<TileSpan> tile_spans_of(const ScenePlan& plan, const std::string& track) {
  std::vector<TileSpan> spans;
  for (const Scene& scene : plan.scenes)
    for (const Tile& tile : scene.tiles)
      if (tile.track == track && tile.kind != TileKind::Placeholder)
        spans.push_back({scene.range, tile.picture});
  return spans;
}

NeededSize::NeededSize(const timeline::TrackSidecar& track, std::vector<TileSpan> spans)
    : track_(&track), spans_(std::move(spans)) {
  turned_ = std::any_of(track.orientations.begin(), track.orientations.end(),
                        [](const auto& change) { return change.orientation.rotation_deg % 180 != 0; });
}

std::optional<media::PictureSize> NeededSize::find(MeetingTime time, MeetingTime next_key) const {
  const auto& proved = track_->separable_layers;
  const auto after =
      std::upper_bound(proved.begin(), proved.end(), time,
                       [](MeetingTime at, const TimeRange& range) { return at < range.start; });
  if (after == proved.begin() || !std::prev(after)->contains(time)) return std::nullopt;
  media::PictureSize size;
  for (std::size_t i = next_; i < spans_.size() && spans_[i].range.start < next_key; ++i) {
    size.width_px = std::max(size.width_px, spans_[i].picture.width);
    size.height_px = std::max(size.height_px, spans_[i].picture.height);
  }
  if (turned_) size.width_px = size.height_px = std::max(size.width_px, size.height_px);
  return size;
}

std::optional<media::PictureSize> NeededSize::at(MeetingTime time) {
  if (time < holds_until_) return size_;
  while (next_ < spans_.size() && spans_[next_].range.end <= time) ++next_;
  const auto& keys = track_->key_frames;
  const auto key = std::upper_bound(keys.begin(), keys.end(), time);
  const MeetingTime next_key = key == keys.end() ? MeetingTime::max() : *key;
  size_ = find(time, next_key);
  holds_until_ = next_ < spans_.size() ? std::min(next_key, spans_[next_].range.end) : next_key;
  return size_;
}

}  // namespace greffe::layout
