#include "layout/plan.h"

#include <algorithm>
#include <optional>

#include "base/text.h"
#include "layout/arranger.h"
#include "layout/chapters.h"

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

MeetingTime whole_ms_up(MeetingTime time) { return std::chrono::ceil<milliseconds>(time); }
MeetingTime whole_ms_down(MeetingTime time) { return std::chrono::floor<milliseconds>(time); }

bool has_layers(const Sources& sources, const std::string& camera) {
  return std::count_if(sources.tracks.begin(), sources.tracks.end(),
                       [&](const VisibleTrack& track) { return track.camera == camera; }) > 1;
}

// Whether it matters who leads: not to a grid in which all have a place.
bool follows_speakers(const Sources& sources, const PlanOptions& options) {
  const auto screens = std::count_if(sources.tracks.begin(), sources.tracks.end(),
                                     [](const VisibleTrack& track) { return track.screen; });
  return options.layout != LayoutKind::Grid ||
         sources.presences.size() + static_cast<std::size_t>(screens) > options.most_tiles;
}

std::vector<Change> changes_of(const Sources& sources, const PlanOptions& options) {
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
  // Who leads first does so from the beginning.
  if (follows_speakers(sources, options))
    for (std::size_t i = 1; i < sources.turns.size(); ++i)
      changes.push_back({sources.turns[i].range.start, false});
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

using Candidates = std::vector<Candidate>;

const Tile* find_tile(const Candidates& candidates, TileKind kind, const std::string& participant) {
  for (const Candidate& candidate : candidates)
    if (candidate.tile.kind == kind && candidate.tile.participant == participant) return &candidate.tile;
  return nullptr;
}

bool has_person(const Candidates& candidates, const std::string& participant) {
  return find_tile(candidates, TileKind::Camera, participant) ||
         find_tile(candidates, TileKind::Placeholder, participant);
}

// "dana joined", "bruno camera off": what tells the second time from the first, for people.
std::vector<std::string> events_of(const Candidates& before, const Candidates& after) {
  std::vector<std::string> events;
  const auto add = [&](const std::string& who, std::string_view what) {
    events.push_back(fmt::format("{} {}", who, what));
  };
  for (const auto& [tile, key, camera, aspect, order, since] : after) {
    if (tile.kind == TileKind::Screen) {
      if (!find_tile(before, TileKind::Screen, tile.participant)) add(tile.participant, "starts sharing");
    } else if (!has_person(before, tile.participant)) {
      add(tile.participant, "joined");
    } else if (!find_tile(before, tile.kind, tile.participant)) {
      add(tile.participant, tile.kind == TileKind::Camera ? "camera on" : "camera off");
    }
  }
  for (const auto& [tile, key, camera, aspect, order, since] : before) {
    if (tile.kind == TileKind::Screen) {
      if (!find_tile(after, TileKind::Screen, tile.participant)) add(tile.participant, "stops sharing");
    } else if (!has_person(after, tile.participant)) {
      add(tile.participant, "left");
    }
  }
  return events;
}

// "ann from ann-camera-2": a tile that shows the same person out of another track.
std::string change_of_track(const std::vector<Tile>& before, const std::vector<Tile>& after) {
  for (std::size_t i = 0; i < std::min(before.size(), after.size()); ++i)
    if (before[i].picture == after[i].picture && before[i].participant == after[i].participant &&
        before[i].kind == after[i].kind && before[i].track != after[i].track)
      return after[i].participant + " from " + after[i].track;
  return "";
}

// "bob speaks 4.2 s".
std::string turn_at(const std::vector<SpeakerTurn>& turns, MeetingTime time) {
  for (const SpeakerTurn& turn : turns)
    if (turn.range.contains(time) && time - turn.range.start <= ShortestScene)
      return fmt::format("{} speaks {:.1f} s", turn.participant,
                         std::chrono::duration<double>(turn.said).count());
  return "";
}

void add_highlights(Scene& scene, const SpeechOf& speech) {
  for (Tile& tile : scene.tiles) {
    const auto spoken = speech.find(tile.participant);
    if (tile.kind == TileKind::Screen || spoken == speech.end()) continue;
    auto span = std::lower_bound(spoken->second.begin(), spoken->second.end(), scene.range.start,
                                 [](const TimeRange& range, MeetingTime time) { return range.end <= time; });
    for (; span != spoken->second.end() && span->start < scene.range.end; ++span)
      tile.highlights.push_back({whole_ms_down(std::max(span->start, scene.range.start)),
                                 whole_ms_up(std::min(span->end, scene.range.end))});
  }
}

Status check_options(const PlanOptions& options) {
  for (const int side : {options.width, options.height})
    if (side < 64 || side > 8192 || side % 2 != 0)
      return fail(ErrorKind::Usage, "size {}x{}: sides are even numbers from 64 to 8192", options.width,
                  options.height);
  if (options.most_tiles < 1 || options.most_tiles > MaxTiles)
    return fail(ErrorKind::Usage, "{} tiles: from 1 to {}", options.most_tiles, MaxTiles);
  if (options.min_stay < Duration::zero() || options.look_ahead < Duration::zero())
    return fail(ErrorKind::Usage, "times to stay and to look ahead are not negative");
  return {};
}

// People that the options name must be there.
Status check_people(const PlanOptions& options, const timeline::Meeting& meeting) {
  std::vector<std::string> named = options.without;
  if (!options.lock.empty()) named.push_back(options.lock);
  for (const std::string& id : named)
    if (!meeting.find_participant(id))
      return fail(ErrorKind::Usage, "no participant \"{}\" in this meeting", id);
  return {};
}

// Goes through a meeting from boundary to boundary.
class Planning {
 public:
  Planning(const Sources& sources, const PlanOptions& options, MeetingTime end)
      : sources_(sources), options_(options), end_(end), arranger_(sources, options) {}

  std::vector<Scene> scenes() {
    for (const Boundary& boundary : boundaries_of(changes_of(sources_, options_), end_)) add(boundary);
    for (Scene& scene : scenes_) {
      for (Tile& tile : scene.tiles)
        tile.label = options_.labels ? shortened(label_of(tile, sources_.names), LongestWords) : "";
      if (options_.highlights) add_highlights(scene, sources_.speech);
    }
    return std::move(scenes_);
  }

 private:
  void add(const Boundary& boundary) {
    Candidates candidates = candidates_at(sources_, boundary.settled, options_);
    std::vector<Tile> tiles = arranger_.tiles_at(boundary.settled, candidates);
    Scene* before = scenes_.empty() ? nullptr : &scenes_.back();
    if (!before || before->tiles != tiles) {
      if (before) before->range.end = boundary.at;
      std::string reason = before ? reason_of(candidates, before->tiles, tiles, boundary.settled) : "start";
      scenes_.push_back(
          {{boundary.at, end_}, std::string(name_of(options_.layout)), std::move(reason), std::move(tiles)});
    }
    candidates_ = std::move(candidates);
  }

  std::string reason_of(const Candidates& candidates, const std::vector<Tile>& before,
                        const std::vector<Tile>& after, MeetingTime time) const {
    const std::vector<std::string> events = events_of(candidates_, candidates);
    if (!events.empty()) return fmt::format("{}", fmt::join(events, ", "));
    if (std::string track = change_of_track(before, after); !track.empty()) return track;
    if (std::string turn = turn_at(sources_.turns, time); !turn.empty()) return turn;
    return "picture shape";
  }

  const Sources& sources_;
  const PlanOptions& options_;
  const MeetingTime end_;
  Arranger arranger_;
  Candidates candidates_;  // at the boundary before
  std::vector<Scene> scenes_;
};

}  // namespace

Result<ScenePlan> plan_of(const timeline::Meeting& meeting, const std::vector<Utterance>& utterances,
                          const PlanOptions& options) {
  GREFFE_CHECK(check_options(options));
  MeetingTime end{};
  for (const Presence& presence : presences_of(meeting)) end = std::max(end, presence.present.back().end);
  end = whole_ms_up(end);
  if (end <= MeetingTime{}) return fail("{}: no media at or after time 0", meeting.title);
  GREFFE_CHECK(check_people(options, meeting));

  const Sources sources = sources_of(meeting, utterances, options);
  ScenePlan plan{meeting.id.empty() ? meeting.title : meeting.id, options.width, options.height,
                 Planning(sources, options, end).scenes()};
  if (options.chapters) plan.chapters = chapters_of(sources, meeting.title, end);
  return plan;
}

}  // namespace greffe::layout
