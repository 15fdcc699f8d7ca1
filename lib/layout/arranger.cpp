#include "layout/arranger.h"

#include <algorithm>
#include <tuple>

namespace greffe::layout {
namespace {

// Who has spoken so lately is not taken from the picture for somebody who is silent.
constexpr Duration RecentSpeech = std::chrono::seconds(60);
// A turn that begins so lately is the reason of the scene at hand, whatever follows.
constexpr Duration JustNow = std::chrono::milliseconds(500);

const Candidate* find_person(const std::vector<Candidate>& candidates, std::string_view participant) {
  for (const Candidate& candidate : candidates)
    if (candidate.tile.kind != TileKind::Screen && candidate.tile.participant == participant)
      return &candidate;
  return nullptr;
}

const Candidate* find_first_shown(const std::vector<Candidate>& candidates) {
  const Candidate* first = nullptr;
  for (const Candidate& candidate : candidates) {
    if (candidate.tile.kind == TileKind::Camera) return &candidate;
    if (!first && candidate.tile.kind != TileKind::Screen) first = &candidate;
  }
  return first;
}

}  // namespace

Arranger::Arranger(const Sources& sources, const PlanOptions& options)
    : sources_(sources), options_(options) {
  for (const VisibleTrack& track : sources.tracks)
    for (const ShapeChange& shape : track.shapes)
      if (track.screen) audiences_.slides.push_back(shape.aspect);
}

bool Arranger::share_begins_soon(MeetingTime time) const {
  return std::any_of(sources_.tracks.begin(), sources_.tracks.end(), [&](const VisibleTrack& track) {
    const MeetingTime start = track.visible.front().start;
    return track.screen && start > time && start - time < options_.min_stay;
  });
}

// Who leads at `time`; before the first turn, who leads first. When they are not there: whoever leads soon,
// or led last.
const Candidate* Arranger::find_leader(const std::vector<Candidate>& candidates, MeetingTime time) const {
  const auto& turns = sources_.turns;
  const auto next = std::find_if(turns.begin(), turns.end(),
                                 [&](const SpeakerTurn& turn) { return turn.range.start > time; });
  const auto current = next == turns.begin() ? turns.end() : std::prev(next);
  const Candidate* now = current == turns.end() ? nullptr : find_person(candidates, current->participant);
  const bool settled = now && (current->participant == led_ || time - current->range.start <= JustNow);
  if (settled) return now;
  const Candidate* soon = next == turns.end() ? nullptr : find_person(candidates, next->participant);
  if (soon && (current == turns.end() || next->range.start - time < options_.min_stay)) return soon;
  for (auto turn = next; turn != turns.begin();)
    if (const Candidate* before = find_person(candidates, (--turn)->participant)) return before;
  for (auto turn = next; turn != turns.end(); ++turn)
    if (const Candidate* later = find_person(candidates, turn->participant)) return later;
  return find_first_shown(candidates);
}

const Candidate* Arranger::leader_of(const std::vector<Candidate>& candidates, MeetingTime time) const {
  if (const Candidate* locked = find_person(candidates, options_.lock)) return locked;
  const Candidate* before = find_person(candidates, led_);
  if (before && share_begins_soon(time)) return before;
  return find_leader(candidates, time);
}

// Who has the main place: who is locked to it, else the newest screen share, else who leads. In a
// presentation all slides, whoever is locked.
Arranger::Chosen Arranger::main_of(const std::vector<Candidate>& candidates) const {
  if (!has_main(options_.layout)) return {};
  Chosen screens;
  for (const Candidate& candidate : candidates)
    if (candidate.tile.kind == TileKind::Screen) screens.push_back(&candidate);
  if (options_.layout == LayoutKind::Presentation && !screens.empty()) return screens;
  if (leader_ && !options_.lock.empty() && leader_->tile.participant == options_.lock) return {leader_};
  if (!screens.empty())
    return {*std::max_element(screens.begin(), screens.end(),
                              [](const auto* a, const auto* b) { return a->since < b->since; })};
  return leader_ ? Chosen{leader_} : Chosen{};
}

bool Arranger::matches(const std::string& pattern, const Candidate& candidate) const {
  const Tile& tile = candidate.tile;
  if (pattern == "@screen") return tile.kind == TileKind::Screen;
  if (pattern == "@camera") return tile.kind == TileKind::Camera;
  if (pattern == "@speaker") return &candidate == leader_;
  if (fits(pattern, tile.track)) return true;
  if (tile.kind == TileKind::Screen) return false;
  const auto name = sources_.names.find(tile.participant);
  return fits(pattern, tile.participant) || (name != sources_.names.end() && fits(pattern, name->second));
}

bool Arranger::wanted(const Candidate& candidate, const Region& region, const Chosen& main) const {
  const bool is_main = std::find(main.begin(), main.end(), &candidate) != main.end();
  if (region.audience != Audience::Patterns) return is_main == (region.audience == Audience::Main);
  const auto any = [&](const std::vector<std::string>& patterns) {
    return std::any_of(patterns.begin(), patterns.end(),
                       [&](const std::string& pattern) { return matches(pattern, candidate); });
  };
  return any(region.sources) && !any(region.excluded);
}

// When they last spoke at some length before `time`, or soon will.
MeetingTime Arranger::last_word(const Candidate& candidate, MeetingTime time) const {
  const auto speech = sources_.speech.find(candidate.tile.participant);
  MeetingTime last = MeetingTime::min();
  if (candidate.tile.kind == TileKind::Screen || speech == sources_.speech.end()) return last;
  auto span = std::upper_bound(speech->second.begin(), speech->second.end(), time + options_.look_ahead,
                               [](MeetingTime at, const TimeRange& range) { return at < range.start; });
  while (span != speech->second.begin()) {
    --span;
    if (span->duration() >= options_.min_stay) return std::min(span->end, time + options_.look_ahead);
    if (span->end < time - RecentSpeech) break;
  }
  return last;
}

// Of more than fit, the lower are shown.
int Arranger::rank_of(const Candidate& candidate, MeetingTime time) const {
  if (&candidate == leader_ || candidate.tile.kind == TileKind::Screen) return 0;
  const MeetingTime last = last_word(candidate, time);
  if (last > MeetingTime::min() && last >= time - RecentSpeech) return 1;
  return candidate.tile.kind == TileKind::Camera ? 2 : 3;
}

Arranger::Chosen Arranger::chosen(Chosen wanted, const Region& region, std::size_t most,
                                  MeetingTime time) const {
  if (wanted.size() <= most) return wanted;
  const auto cut = [&](const auto& before) {
    std::stable_sort(wanted.begin(), wanted.end(), before);
    wanted.resize(most);
  };
  if (region.reuse == Reuse::ShowNewest) {
    cut([](const Candidate* a, const Candidate* b) { return a->since > b->since; });
  } else if (region.reuse == Reuse::Speaking) {
    std::map<const Candidate*, std::tuple<int, bool, Duration>> ranks;
    for (const Candidate* one : wanted)
      ranks[one] = {rank_of(*one, time), !shown_.contains(one->key),
                    MeetingTime::max() - std::max(MeetingTime{}, last_word(*one, time))};
    cut([&](const Candidate* a, const Candidate* b) { return ranks[a] < ranks[b]; });
  } else {
    cut([](const Candidate* a, const Candidate* b) { return a->since < b->since; });
  }
  std::sort(wanted.begin(), wanted.end());  // as they stand among the candidates
  return wanted;
}

// How many people there will be at most within the look-ahead.
std::size_t Arranger::people_soon(MeetingTime time) const {
  std::vector<MeetingTime> moments{time};
  for (const Presence& presence : sources_.presences)
    for (const TimeRange& range : presence.present)
      if (range.start > time && range.start <= time + options_.look_ahead) moments.push_back(range.start);
  std::size_t most = 0;
  for (const MeetingTime moment : moments)
    most = std::max(most, static_cast<std::size_t>(std::count_if(
                              sources_.presences.begin(), sources_.presences.end(),
                              [&](const Presence& presence) { return presence.present_at(moment); })));
  return most;
}

void Arranger::place(const Region& region, const Chosen& main, const std::vector<Candidate>& candidates,
                     MeetingTime time, std::vector<Tile>& tiles) {
  const SeatRules rules{region.limits, region.cells_excluded, region.reuse == Reuse::None};
  Seats& seats = seats_.try_emplace(region.name, rules).first->second;
  Chosen guests;
  for (const Candidate& candidate : candidates)
    if (wanted(candidate, region, main)) guests.push_back(&candidate);
  const std::size_t most = std::min(seats.most(region.area), region.most);
  guests = rules.once && guests.size() <= MaxTiles ? guests : chosen(std::move(guests), region, most, time);
  std::vector<Guest> seated;
  for (const Candidate* guest : guests) seated.push_back({guest->key, guest->aspect});
  const bool everybody = region.audience == Audience::Others && !options_.hide_no_picture;
  const std::size_t people = everybody ? people_soon(time) : 0;
  const std::size_t soon = people - std::min(people, main.size());
  const auto rectangles = seats.seated(region.area, seated, std::min(soon, most));
  for (std::size_t i = 0; i < rectangles.size(); ++i) {
    if (!rectangles[i]) continue;
    Tile tile = guests[i]->tile;
    tile.area = *rectangles[i];
    tile.z = region.z;
    tile.picture = tile.kind == TileKind::Placeholder ? tile.area : fitted(guests[i]->aspect, tile.area);
    if (const auto* layer = find_layer(guests[i]->camera, tile.picture, sources_.tracks, time))
      tile.track = layer->track;
    // Nothing but the picture hides what lies below.
    if (region.audience == Audience::Others && region.z > 0) tile.area = tile.picture;
    tiles.push_back(std::move(tile));
  }
}

std::vector<Tile> Arranger::tiles_at(MeetingTime time, std::vector<Candidate> candidates) {
  if (options_.hide_no_picture)
    std::erase_if(candidates, [](const Candidate& one) { return one.tile.kind == TileKind::Placeholder; });
  leader_ = leader_of(candidates, time);
  const Chosen main = main_of(candidates);
  audiences_.main = main.size();
  audiences_.others = candidates.size() - main.size();
  std::vector<Tile> tiles;
  for (const Region& region : regions_of(options_, audiences_)) place(region, main, candidates, time, tiles);
  std::set<std::string> shown;
  for (const Candidate& candidate : candidates)
    for (const Tile& tile : tiles)
      if (tile.participant == candidate.tile.participant &&
          (tile.kind == TileKind::Screen) == (candidate.tile.kind == TileKind::Screen))
        shown.insert(candidate.key);
  shown_ = std::move(shown);
  led_ = leader_ ? leader_->tile.participant : "";
  leader_ = nullptr;
  return tiles;
}

}  // namespace greffe::layout
