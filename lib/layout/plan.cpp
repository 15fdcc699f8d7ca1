#include "layout/plan.h"

#include <algorithm>
#include <optional>
#include <set>

#include "layout/presence.h"
#include "layout/speaker.h"

namespace greffe::layout {
namespace {

using std::chrono::milliseconds;

constexpr Duration ShortestScene = milliseconds(500);

// Where a scene begins, and the time whose state it shows: the last of the changes that fall together.
struct Boundary {
  MeetingTime at{};
  MeetingTime settled{};
};

// Something that changes tiles. An ending counts where it happens, all else may be shown ahead of its time.
struct Change {
  MeetingTime at{};
  bool ending = false;
};

struct Sources {
  std::vector<Presence> presences;
  std::vector<VisibleTrack> tracks;
  std::vector<SpeakerTurn> turns;  // empty unless the layout follows speakers
};

MeetingTime whole_ms_up(MeetingTime time) { return std::chrono::ceil<milliseconds>(time); }
MeetingTime whole_ms_down(MeetingTime time) { return std::chrono::floor<milliseconds>(time); }

bool has_layers(const Sources& sources, const std::string& camera) {
  return std::count_if(sources.tracks.begin(), sources.tracks.end(),
                       [&](const VisibleTrack& track) { return track.camera == camera; }) > 1;
}

std::vector<Change> changes_of(const Sources& sources) {
  std::vector<Change> changes;
  const auto add_ranges = [&](const std::vector<TimeRange>& ranges) {
    for (const TimeRange& range : ranges) {
      changes.push_back({range.start, false});
      changes.push_back({range.end, true});
    }
  };
  for (const Presence& presence : sources.presences) add_ranges(presence.present);
  for (const VisibleTrack& track : sources.tracks) {
    add_ranges(track.visible);
    for (const ShapeChange& shape : track.shapes) changes.push_back({shape.at, false});
    if (has_layers(sources, track.camera))
      for (const ShownSize& shown : track.sizes) changes.push_back({shown.at, false});
  }
  for (const SpeakerTurn& turn : sources.turns) changes.push_back({turn.range.start, false});
  std::sort(changes.begin(), changes.end(), [](const Change& a, const Change& b) { return a.at < b.at; });
  return changes;
}

// Changes within ShortestScene of the first of them fall together; so do those at the very end with the scene
// before them.
std::vector<Boundary> boundaries_of(const std::vector<Change>& changes, MeetingTime end) {
  std::vector<Boundary> boundaries{{MeetingTime{}, MeetingTime{}}};
  MeetingTime cluster_start{};
  bool only_endings = false;
  for (const Change& change : changes) {
    if (change.at > end - ShortestScene) break;
    if (change.at <= cluster_start + ShortestScene) {
      boundaries.back().settled = std::max(boundaries.back().settled, change.at);
      only_endings = only_endings && change.ending;
      if (only_endings) boundaries.back().at = change.at;
    } else {
      cluster_start = change.at;
      only_endings = change.ending;
      boundaries.push_back({change.at, change.at});
    }
  }
  for (Boundary& boundary : boundaries) boundary.at = whole_ms_down(boundary.at);
  return boundaries;
}

// A tile before it has a place.
struct Candidate {
  Tile tile;
  std::string camera;  // of which the tile's track is one layer
  Aspect aspect;
  MeetingTime order{};  // earlier comes first
};

Candidate candidate_of(const VisibleTrack& track, MeetingTime time, MeetingTime order) {
  Candidate candidate;
  candidate.tile.participant = track.participant;
  candidate.tile.track = track.track;
  candidate.tile.kind = track.screen ? TileKind::Screen : TileKind::Camera;
  candidate.camera = track.camera;
  candidate.aspect = track.aspect_at(time);
  candidate.order = order;
  return candidate;
}

std::int64_t area_at(const VisibleTrack& track, MeetingTime time) {
  const media::PictureSize size = track.size_at(time);
  return std::int64_t{size.width_px} * size.height_px;
}

// The layer that stands for the track's camera until tiles have a size: the first of the largest that are
// there. The track itself is one.
const VisibleTrack& largest_layer(const VisibleTrack& track, const std::vector<VisibleTrack>& tracks,
                                  MeetingTime time) {
  const VisibleTrack* largest = nullptr;
  for (const VisibleTrack& layer : tracks)
    if (layer.camera == track.camera && layer.visible_at(time) &&
        (largest == nullptr || area_at(layer, time) > area_at(*largest, time)))
      largest = &layer;
  return largest != nullptr ? *largest : track;
}

// The smallest layer of a camera that fills the picture's place; the largest where none does.
const VisibleTrack* find_layer(const std::string& camera, const Rectangle& picture,
                               const std::vector<VisibleTrack>& tracks, MeetingTime time) {
  const VisibleTrack* best = nullptr;
  const auto fills = [&](const VisibleTrack& layer) {
    const media::PictureSize size = layer.size_at(time);
    return size.width_px >= picture.width && size.height_px >= picture.height;
  };
  for (const VisibleTrack& layer : tracks) {
    if (layer.camera != camera || !layer.visible_at(time)) continue;
    const bool better =
        best == nullptr ||
        (fills(layer) != fills(*best) ? fills(layer)
                                      : (area_at(layer, time) < area_at(*best, time)) == fills(*best));
    if (better) best = &layer;
  }
  return best;
}

// The participant's camera at `time` (the one that began last, where two overlap), or a placeholder.
Candidate candidate_of(const Presence& presence, const std::vector<VisibleTrack>& tracks, MeetingTime time) {
  const VisibleTrack* camera = nullptr;
  for (const VisibleTrack& track : tracks)
    if (!track.screen && track.participant == presence.participant && track.visible_at(time)) camera = &track;
  if (camera) return candidate_of(largest_layer(*camera, tracks, time), time, presence.joined);
  Candidate candidate;
  candidate.tile.participant = presence.participant;
  candidate.order = presence.joined;
  return candidate;
}

std::vector<Candidate> candidates_at(const Sources& sources, MeetingTime time) {
  std::vector<Candidate> candidates;
  for (const Presence& presence : sources.presences)
    if (presence.present_at(time)) candidates.push_back(candidate_of(presence, sources.tracks, time));
  for (const VisibleTrack& track : sources.tracks)
    if (track.screen && track.visible_at(time) && &largest_layer(track, sources.tracks, time) == &track)
      candidates.push_back(candidate_of(track, time, track.visible.front().start));
  if (candidates.size() > MaxTiles) {
    std::stable_partition(candidates.begin(), candidates.end(),
                          [](const Candidate& c) { return c.tile.kind != TileKind::Placeholder; });
    candidates.resize(MaxTiles);
  }
  std::stable_sort(candidates.begin(), candidates.end(),
                   [](const Candidate& a, const Candidate& b) { return a.order < b.order; });
  return candidates;
}

// Who has the main place: the newest screen share, else who leads at `time` (before the first turn: who leads
// first), else the first with a picture.
std::size_t main_of(const std::vector<Candidate>& candidates, const std::vector<SpeakerTurn>& turns,
                    MeetingTime time) {
  std::optional<std::size_t> screen, leader, camera;
  std::string leads = turns.empty() ? "" : turns.front().participant;
  for (const SpeakerTurn& turn : turns)
    if (turn.range.start <= time) leads = turn.participant;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    const Tile& tile = candidates[i].tile;
    if (tile.kind == TileKind::Screen)
      screen = i;
    else if (tile.participant == leads)
      leader = i;
    if (tile.kind == TileKind::Camera && !camera) camera = i;
  }
  if (screen) return *screen;
  if (leader) return *leader;
  return camera.value_or(0);
}

std::vector<Tile> placed(const std::vector<Candidate>& candidates, const Sources& sources, MeetingTime time,
                         const PlanOptions& options) {
  if (candidates.empty()) return {};
  std::vector<Aspect> aspects;
  for (const Candidate& candidate : candidates) aspects.push_back(candidate.aspect);
  const Rectangle canvas{0, 0, options.width, options.height};
  const std::vector<Rectangle> areas =
      options.layout == LayoutKind::Grid
          ? grid_tiles(canvas, aspects)
          : speaker_tiles(canvas, aspects, main_of(candidates, sources.turns, time));
  std::vector<Tile> tiles;
  for (std::size_t i = 0; i < candidates.size(); ++i) {
    Tile tile = candidates[i].tile;
    tile.area = areas[i];
    tile.picture = tile.kind == TileKind::Placeholder ? areas[i] : fitted(aspects[i], areas[i]);
    if (const auto* layer = find_layer(candidates[i].camera, tile.picture, sources.tracks, time))
      tile.track = layer->track;
    tiles.push_back(std::move(tile));
  }
  return tiles;
}

const Tile* find_tile(const std::vector<Tile>& tiles, TileKind kind, const std::string& participant) {
  for (const Tile& tile : tiles)
    if (tile.kind == kind && tile.participant == participant) return &tile;
  return nullptr;
}

bool has_person(const std::vector<Tile>& tiles, const std::string& participant) {
  return std::any_of(tiles.begin(), tiles.end(), [&](const Tile& tile) {
    return tile.kind != TileKind::Screen && tile.participant == participant;
  });
}

// "dana joined, bruno camera off": what tells the second scene from the first, for people.
std::string reason_of(const std::vector<Tile>& before, const std::vector<Tile>& after) {
  std::vector<std::string> reasons;
  const auto add = [&](const std::string& who, std::string_view what) {
    reasons.push_back(fmt::format("{} {}", who, what));
  };
  for (const Tile& tile : after) {
    if (tile.kind == TileKind::Screen) {
      if (!find_tile(before, TileKind::Screen, tile.participant)) add(tile.participant, "starts sharing");
    } else if (!has_person(before, tile.participant)) {
      add(tile.participant, "joined");
    } else if (!find_tile(before, tile.kind, tile.participant)) {
      add(tile.participant, tile.kind == TileKind::Camera ? "camera on" : "camera off");
    }
  }
  for (const Tile& tile : before) {
    if (tile.kind == TileKind::Screen) {
      if (!find_tile(after, TileKind::Screen, tile.participant)) add(tile.participant, "stops sharing");
    } else if (!has_person(after, tile.participant)) {
      add(tile.participant, "left");
    }
  }
  for (std::size_t i = 0; reasons.empty() && i < std::min(before.size(), after.size()); ++i)
    if (before[i].picture == after[i].picture && before[i].track != after[i].track)
      reasons.push_back(after[i].participant + " from " + after[i].track);
  if (reasons.empty()) return "picture shape";
  return fmt::format("{}", fmt::join(reasons, ", "));
}

std::string reason_of(const Scene* before, const std::vector<Tile>& tiles, const Sources& sources,
                      MeetingTime time) {
  if (!before) return "start";
  const std::string reason = reason_of(before->tiles, tiles);
  if (reason != "picture shape") return reason;
  for (const SpeakerTurn& turn : sources.turns)
    if (turn.range.contains(time) && time - turn.range.start <= ShortestScene)
      return turn.participant + " speaks";
  return reason;
}

void add_highlights(Scene& scene, const std::vector<Utterance>& utterances) {
  for (Tile& tile : scene.tiles) {
    if (tile.kind == TileKind::Screen) continue;
    for (const Utterance& utterance : utterances) {
      if (utterance.participant != tile.participant || !utterance.range.overlaps(scene.range)) continue;
      tile.highlights.push_back({whole_ms_down(std::max(utterance.range.start, scene.range.start)),
                                 whole_ms_up(std::min(utterance.range.end, scene.range.end))});
    }
  }
}

Status check_size(const PlanOptions& options) {
  for (const int side : {options.width, options.height})
    if (side < 64 || side > 8192 || side % 2 != 0)
      return fail(ErrorKind::Usage, "size {}x{}: sides are even numbers from 64 to 8192", options.width,
                  options.height);
  return {};
}

}  // namespace

std::string_view name_of(LayoutKind kind) { return kind == LayoutKind::Grid ? "grid" : "speaker"; }

Result<LayoutKind> layout_kind_of(std::string_view name) {
  for (const LayoutKind kind : {LayoutKind::Grid, LayoutKind::Speaker})
    if (name == name_of(kind)) return kind;
  return fail(ErrorKind::Usage, "layout \"{}\": greffe knows grid and speaker", name);
}

Result<ScenePlan> plan_of(const timeline::Meeting& meeting, const std::vector<Utterance>& utterances,
                          const PlanOptions& options) {
  GREFFE_CHECK(check_size(options));
  const Sources sources{
      presences_of(meeting), visible_tracks_of(meeting),
      options.layout == LayoutKind::Speaker ? turns_of(utterances) : std::vector<SpeakerTurn>{}};
  MeetingTime end{};
  for (const Presence& presence : sources.presences) end = std::max(end, presence.present.back().end);
  end = whole_ms_up(end);
  if (end <= MeetingTime{}) return fail("{}: no media at or after time 0", meeting.title);

  ScenePlan plan{meeting.id.empty() ? meeting.title : meeting.id, options.width, options.height, {}};
  for (const Boundary& boundary : boundaries_of(changes_of(sources), end)) {
    std::vector<Tile> tiles =
        placed(candidates_at(sources, boundary.settled), sources, boundary.settled, options);
    Scene* before = plan.scenes.empty() ? nullptr : &plan.scenes.back();
    if (before && before->tiles == tiles) continue;
    if (before) before->range.end = boundary.at;
    std::string reason = reason_of(before, tiles, sources, boundary.settled);
    plan.scenes.push_back(
        {{boundary.at, end}, std::string(name_of(options.layout)), std::move(reason), std::move(tiles)});
  }
  for (Scene& scene : plan.scenes) add_highlights(scene, utterances);
  return plan;
}

}  // namespace greffe::layout
