#include "film/chunk_keys.h"

#include "caption/cue_json.h"
#include "film/compose.h"
#include "film/copied_spans.h"
#include "layout/needed_size.h"

namespace greffe::film {
namespace {

using json::Array;
using json::Object;

// The plan as far as it lies in `range`. Reasons are for people.
layout::ScenePlan clipped(const layout::ScenePlan& plan, const TimeRange& range) {
  layout::ScenePlan part{.meeting = plan.meeting, .width = plan.width, .height = plan.height, .scenes = {}};
  for (const layout::Scene& scene : plan.scenes) {
    if (!scene.range.overlaps(range)) continue;
    layout::Scene& kept = part.scenes.emplace_back(scene);
    kept.reason.clear();
    kept.range = {std::max(scene.range.start, range.start), std::min(scene.range.end, range.end)};
    for (layout::Tile& tile : kept.tiles) {
      std::erase_if(tile.highlights, [&](const TimeRange& lit) { return !lit.overlaps(range); });
      for (TimeRange& lit : tile.highlights)
        lit = {std::max(lit.start, range.start), std::min(lit.end, range.end)};
    }
  }
  return part;
}

Array sizes_json(const std::vector<layout::TileSpan>& spans) {
  Array sizes;
  for (const layout::TileSpan& span : spans)
    sizes.push_back(
        Array{span.range.start.time_since_epoch().count(), span.picture.width, span.picture.height});
  return sizes;
}

}  // namespace

ChunkKeys::ChunkKeys(const FilmOrder& order, const ChunkGrid& grid, const FontPrint& fonts)
    : order_(order), grid_(grid), fonts_(fonts) {
  Object libraries;
  for (const LibraryVersion& library : compose_library_versions())
    libraries.set(library.name, library.version);
  Object names;
  for (const timeline::Participant& participant : order.folder->meeting.participants)
    names.set(participant.id, participant.name);
  common_ = Object{{"greffe", order.tool_version},
                   {"libraries", std::move(libraries)},
                   {"video", media::facts_of(order.coding.video).name},
                   {"rate", Array{order.rate.numerator, order.rate.denominator}},
                   {"names", std::move(names)}};
  if (json::Object look = to_json(order.look); !look.empty()) {
    const timeline::Meeting& meeting = order.folder->meeting;
    look.set("title", meeting.title).set("start", rfc3339(meeting.start, 9));
    common_.set("look", std::move(look));
  }
}

fixity::Digest ChunkKeys::of(std::size_t chunk) const {
  const TimeRange range = grid_.range_of(chunk);
  const layout::ScenePlan plan = clipped(*order_.plan, range);
  Object tracks;
  std::string words;
  for (const layout::Scene& scene : plan.scenes) {
    for (const layout::Tile& tile : scene.tiles) {
      words += tile.label.value_or("");
      const timeline::TrackSidecar* track = order_.folder->meeting.find_track(tile.track);
      if (!track || tracks.find(tile.track)) continue;
      Object made{{"mkv", order_.digest_of("tracks/" + tile.track + ".mkv")},
                  {"sidecar", order_.digest_of("tracks/" + tile.track + ".track.json")}};
      // Which layers are decoded depends on every tile before the next key frame.
      if (!track->separable_layers.empty())
        made.set("sizes", sizes_json(layout::tile_spans_of(*order_.plan, tile.track)));
      tracks.set(tile.track, std::move(made));
    }
  }
  Object key = common_;
  const FrameSpan span = grid_.span_of(chunk);
  key.set("frames", Array{span.first, span.end}).set("tracks", std::move(tracks));
  key.set("plan", layout::to_json(plan));
  Array copied;
  for (const ChunkPiece& piece : pieces_of(order_.copied, span))
    if (piece.copied)
      copied.push_back(Array{piece.frames.first, piece.frames.end, piece.copied->track,
                             static_cast<std::int64_t>(piece.copied->first_frame)});
  if (!copied.empty()) key.set("copied", std::move(copied));
  if (order_.burn_captions) {
    std::vector<caption::Cue> cues;
    for (const caption::Cue& cue : order_.cues)
      if (cue.range.overlaps(range)) {
        cues.push_back(cue);
        words += cue.speaker + cue.text;
      }
    key.set("cues", caption::cues_to_json(cues));
  }
  key.set("fonts", fonts_.of(words).hex());
  return fixity::digest_of(json::write(key, json::Style::Canonical));
}

}  // namespace greffe::film
