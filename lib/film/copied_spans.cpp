#include "film/copied_spans.h"

#include <algorithm>
#include <map>

#include "base/log.h"
#include "codec/declared_size.h"
#include "container/demuxer.h"
#include "film/film_text.h"
#include "media/vp9_frame_header.h"
#include "media/vp9_superframe.h"
#include "timeline/frame_order.h"

namespace greffe::film {
namespace {

using timeline::TrackSidecar;

// Frames of a film that show a track and nothing else.
struct PlainSpan {
  FrameSpan frames;
  std::string track;
};

FrameSpan frames_of(const ChunkGrid& grid, const TimeRange& range) {
  return {std::min(grid.frames, grid.clock.frame_of(range.start)),
          std::min(grid.frames, grid.clock.frame_of(range.end))};
}

// Takes `hidden` out of `spans`.
void take_out(std::vector<FrameSpan>& spans, const FrameSpan& hidden) {
  std::vector<FrameSpan> left;
  for (const FrameSpan& span : spans) {
    if (hidden.end <= span.first || span.end <= hidden.first) {
      left.push_back(span);
      continue;
    }
    if (span.first < hidden.first) left.push_back({span.first, hidden.first});
    if (hidden.end < span.end) left.push_back({hidden.end, span.end});
  }
  spans = std::move(left);
}

// The one track that a scene shows, as it is.
const TrackSidecar* plain_track_of(const layout::Scene& scene, const FilmOrder& order) {
  if (scene.tiles.size() != 1) return nullptr;
  const layout::Tile& tile = scene.tiles.front();
  const layout::Rectangle canvas{0, 0, order.plan->width, order.plan->height};
  if (tile.kind == layout::TileKind::Placeholder || tile.picture != canvas || tile.crop != layout::Crop{} ||
      !tile.label || !tile.label->empty())
    return nullptr;
  const TrackSidecar* track = order.folder->meeting.find_track(tile.track);
  if (!track || track->codec != order.coding.video || !track->separable_layers.empty()) return nullptr;
  return track;
}

std::vector<PlainSpan> plain_spans_of(const FilmOrder& order, const ChunkGrid& grid) {
  std::vector<PlainSpan> plain;
  if (!order.look.clock_zone.empty() || !order.look.logo.empty()) return plain;
  std::size_t cue = 0;
  for (const layout::Scene& scene : order.plan->scenes) {
    const TrackSidecar* track = plain_track_of(scene, order);
    if (!track) continue;
    const bool last = &scene == &order.plan->scenes.back();
    std::vector<FrameSpan> spans{frames_of(grid, scene.range)};
    if (last) spans.front().end = grid.frames;
    if (order.look.title_card) take_out(spans, frames_of(grid, {MeetingTime{}, MeetingTime(TitleCardTime)}));
    for (const TimeRange& lit : scene.tiles.front().highlights) take_out(spans, frames_of(grid, lit));
    if (order.burn_captions) {
      while (cue < order.cues.size() && order.cues[cue].range.end <= scene.range.start) ++cue;
      for (std::size_t i = cue; i < order.cues.size() && order.cues[i].range.start < scene.range.end; ++i)
        take_out(spans, frames_of(grid, order.cues[i].range));
    }
    for (const FrameSpan& span : spans) {
      if (span.first >= span.end) continue;
      if (!plain.empty() && plain.back().track == track->track && plain.back().frames.end == span.first)
        plain.back().frames.end = span.end;
      else
        plain.push_back({span, track->track});
    }
  }
  return plain;
}

// Frames of a track that can be copied one after the other, from a key frame on.
struct Stretch {
  struct Key {
    std::uint64_t frame = 0;
    std::int64_t shown = 0;  // first frame of the film that may show it
  };
  std::vector<Key> keys;
  std::int64_t end = 0;  // first frame of the film that shows what is not in it
};

// Answers for times that rise.
class FrameChecks {
 public:
  FrameChecks(const TrackSidecar& track, media::PictureSize size) : track_(track), size_(size) {}

  bool starts(const container::StoredFrame& frame, MeetingTime time) {
    return frame.key && time >= MeetingTime{} && fits(frame, time) && is_whole(time);
  }
  // A frame behind one that starts or goes on.
  bool goes_on(const container::StoredFrame& frame, MeetingTime time) {
    const std::size_t span = span_;
    return fits(frame, time) && is_whole(time) && span == span_;
  }

 private:
  // In a span without damage, whose end is the time of its last frame.
  bool is_whole(MeetingTime time) {
    const auto& whole = track_.decodable;
    while (span_ < whole.size() && whole[span_].end < time) ++span_;
    return span_ < whole.size() && whole[span_].start <= time;
  }
  bool is_upright(MeetingTime time) {
    const auto& changes = track_.orientations;
    for (; next_orientation_ < changes.size() && changes[next_orientation_].at <= time; ++next_orientation_)
      orientation_ = changes[next_orientation_].orientation;
    return orientation_ == media::Orientation{};
  }
  bool fits(const container::StoredFrame& frame, MeetingTime time) {
    if (!is_upright(time) || track_.pixel_aspect != media::PixelAspect{}) return false;
    const auto declared = codec::declared_size(track_.codec, frame.bytes, frame.key);
    if (!declared || (frame.key && !*declared)) return false;
    return (!*declared || **declared == size_) && is_common(frame.bytes);
  }
  // The fifth octet of a key frame of profile 0 begins with color_space and color_range (VP9 bitstream
  // specification §7.2.2): unknown, BT.601 or SMPTE 170, which has the same matrix, from 16 to 235.
  static bool has_film_colours(Bytes key_frame) {
    constexpr unsigned Unknown = 0, Bt601 = 1, Smpte170 = 3;
    if (key_frame.size() < 5) return false;
    const unsigned space = key_frame[4] >> 5U;
    const bool full_range = (key_frame[4] & 0x10U) != 0;
    return (space == Unknown || space == Bt601 || space == Smpte170) && !full_range;
  }
  // Of VP9: 4:2:0 with 8 bits in the film's colours, and one picture a frame.
  bool is_common(Bytes frame) const {
    if (track_.codec != media::CodecId::Vp9) return true;
    const auto parts = media::split_superframe(frame);
    int shown = 0;
    for (const Bytes part : parts) {
      const auto header = media::parse_vp9_frame_header(part);
      if (!header || header->profile != 0 || (header->key && !has_film_colours(part))) return false;
      shown += header->shown || header->existing ? 1 : 0;
    }
    return shown == 1;
  }

  const TrackSidecar& track_;
  const media::PictureSize size_;
  std::size_t span_ = 0;
  std::size_t next_orientation_ = 0;
  media::Orientation orientation_;
};

// Up to film frame `end`. None of a file that is not what its sidecar says.
Result<std::vector<Stretch>> stretches_of(const FilmOrder& order, const ChunkGrid& grid,
                                          const TrackSidecar& track, std::int64_t end) {
  auto demuxer = container::Demuxer::open(order.folder->track_path(track.track));
  if (!demuxer) return std::vector<Stretch>{};  // told where it is drawn
  timeline::FrameOrder times(track);
  FrameChecks checks(track, {order.plan->width, order.plan->height});
  std::vector<Stretch> stretches;
  bool open = false;
  for (std::uint64_t number = 0;; ++number) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const auto time = times.time_of(number);
    const auto frame = demuxer->next();
    if (!time || !frame || !*frame) {
      if (time || (frame && *frame)) return std::vector<Stretch>{};
      break;
    }
    const std::int64_t shown = grid.clock.frame_of(*time);
    if (shown >= end) break;
    if (open && !checks.goes_on(**frame, *time)) {
      stretches.back().end = shown;
      open = false;
    }
    if (!open && checks.starts(**frame, *time)) {
      stretches.push_back({{}, end});
      open = true;
    }
    if (open && (*frame)->key) stretches.back().keys.push_back({number, shown});
  }
  return stretches;
}

// What of a plain span is copied.
void add_copies(const PlainSpan& plain, const std::vector<Stretch>& stretches, std::int64_t shortest,
                std::vector<CopiedSpan>& copied) {
  std::int64_t from = plain.frames.first;
  for (const Stretch& stretch : stretches) {
    if (stretch.end <= from) continue;
    const auto key = std::lower_bound(
        stretch.keys.begin(), stretch.keys.end(), from,
        [](const Stretch::Key& candidate, std::int64_t frame) { return candidate.shown < frame; });
    const std::int64_t end = std::min(plain.frames.end, stretch.end);
    if (key == stretch.keys.end() || end - key->shown < shortest) continue;
    copied.push_back({{key->shown, end}, plain.track, key->frame});
    from = end;
  }
}

}  // namespace

Result<std::vector<CopiedSpan>> copied_spans_of(const FilmOrder& order, const ChunkGrid& grid) {
  std::vector<CopiedSpan> copied;
  if (order.coding.video != media::CodecId::Vp8 && order.coding.video != media::CodecId::Vp9) return copied;
  const std::vector<PlainSpan> plain = plain_spans_of(order, grid);
  std::map<std::string, std::int64_t> ends;
  for (const PlainSpan& span : plain) ends[span.track] = span.frames.end;
  std::map<std::string, std::vector<Stretch>> stretches;
  for (const auto& [name, end] : ends) {
    GREFFE_TRY(stretches[name], stretches_of(order, grid, *order.folder->meeting.find_track(name), end));
  }
  const std::int64_t shortest = grid.clock.frames_until(MeetingTime(ShortestCopy));
  for (const PlainSpan& span : plain) add_copies(span, stretches[span.track], shortest, copied);
  return copied;
}

std::vector<ChunkPiece> pieces_of(const std::vector<CopiedSpan>& copied, const FrameSpan& chunk) {
  std::vector<ChunkPiece> pieces;
  std::int64_t next = chunk.first;
  for (const CopiedSpan& span : copied) {
    const FrameSpan part{std::max(chunk.first, span.frames.first), std::min(chunk.end, span.frames.end)};
    if (part.first >= part.end) continue;
    if (next < part.first) pieces.push_back({{next, part.first}, nullptr});
    pieces.push_back({part, &span});
    next = part.end;
  }
  if (next < chunk.end) pieces.push_back({{next, chunk.end}, nullptr});
  return pieces;
}

}  // namespace greffe::film
