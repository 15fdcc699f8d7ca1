#include "intake/described_streams.h"

#include <algorithm>

namespace greffe::intake {
namespace {

constexpr Duration LongestOverlap = std::chrono::seconds(1);  // of an SSRC with the one it gives way to

// Streams that go on after one another.
struct Chain {
  std::vector<const MappedStream*> streams;
  std::uint64_t packets = 0;

  bool takes(const MappedStream& next) const {
    const MappedStream& last = *streams.back();
    return last.flow == next.flow && last.main_type() == next.main_type() && last.ssrc != next.ssrc &&
           next.first > last.last - LongestOverlap;
  }
};

std::vector<Chain> chains_of(const timeline::DescribedTrack& track, const StreamMap& map) {
  const TrackSource source = source_of(track);
  std::vector<Chain> chains;
  for (const MappedStream& stream : map.streams()) {
    if (stream.use != StreamUse::Media || stream.packets < LeastStreamPackets ||
        !map.is_selected(stream, source.selection))
      continue;
    auto chain = std::find_if(chains.begin(), chains.end(), [&](const Chain& c) { return c.takes(stream); });
    if (chain == chains.end()) chain = chains.insert(chain, Chain{});
    chain->streams.push_back(&stream);
    chain->packets += stream.packets;
  }
  return chains;
}

TrackSource source_of_chain(const timeline::DescribedTrack& track, const StreamMap& map, const Chain& chain) {
  TrackSource source = source_of(track);
  const MappedStream& first = *chain.streams.front();
  source.packets = chain.packets;
  source.selection.look = map.look();
  source.selection.ssrc = first.ssrc;
  source.selection.from = first.flow.from;
  source.selection.to = first.flow.to;
  for (std::size_t i = 1; i < chain.streams.size(); ++i)
    source.selection.also.push_back(chain.streams[i]->ssrc);
  return source;
}

// The chain of the flow with the most packets; the others are told.
Chain of_one_sender(const timeline::DescribedTrack& track, const std::vector<Chain>& chains,
                    DamageLog& damage) {
  const auto most = std::max_element(chains.begin(), chains.end(),
                                     [](const Chain& a, const Chain& b) { return a.packets < b.packets; });
  for (auto chain = chains.begin(); chain != chains.end(); ++chain) {
    if (chain == most) continue;
    const MappedStream& other = *chain->streams.front();
    damage.add(
        {.condition = "several-senders",
         .place = Path(track.file).filename().string(),
         .unit = "packets",
         .amount = chain->packets,
         .text = fmt::format("SSRC {:08x} came from {} to {}, too; give \"from\" and \"to\" to take it",
                             other.ssrc.value, other.flow.from, other.flow.to)});
  }
  return *most;
}

bool is_meant(const timeline::DescribedTrack& track, const TrackCoding& coding) {
  if (track.codec && media::find_codec(*track.codec) != coding.codec) return false;
  return has_role(media::facts_of(coding.codec).kind, track.role);
}

}  // namespace

bool has_role(media::Kind kind, std::string_view role) {
  if (role == "room") return kind != media::Kind::Data;
  return kind == (role == "camera" || role == "screen" ? media::Kind::Video : media::Kind::Audio);
}

std::string_view kinds_of(std::string_view role) {
  if (role == "room") return "audio or video";
  return media::name_of(has_role(media::Kind::Video, role) ? media::Kind::Video : media::Kind::Audio);
}

std::string_view role_beside(std::string_view role, media::Kind kind) {
  const bool is_screen = role.starts_with("screen");
  if (kind == media::Kind::Audio) return is_screen ? "screen-audio" : "microphone";
  return is_screen ? "screen" : "camera";
}

Result<const StreamMap*> StreamMaps::of(const Path& file, const std::map<int, std::string>& extmap) {
  Entry* entry = nullptr;
  {
    const std::lock_guard lock(finding_);
    entry = &maps_[file];
  }
  const std::lock_guard lock(entry->reading);
  if (!entry->map) {
    GREFFE_TRY(entry->map, StreamMap::read(file, extmap));
  }
  return &*entry->map;
}

void StreamMaps::tell_left_out(const std::set<Path>& but, DamageLog& damage) const {
  for (const auto& [file, entry] : maps_)
    if (entry.map && !but.contains(file)) entry.map->tell_left_out(file.filename().string(), damage);
}

TrackSource source_of(const timeline::DescribedTrack& track) {
  return {.file = track.file,
          .place = Path(track.file).filename().string(),
          .selection = {.ssrc = track.ssrc, .from = track.from, .to = track.to}};
}

Result<std::vector<MeantTrack>> tracks_of(const timeline::DescribedTrack& track, const StreamMap& map,
                                          DamageLog& damage) {
  const std::vector<Chain> chains = chains_of(track, map);
  std::vector<MeantTrack> tracks;
  if (track.ssrc && !chains.empty()) {
    tracks.push_back({source_of_chain(track, map, of_one_sender(track, chains, damage)), {}});
  } else if (chains.size() == 1) {
    // Where there is no choice, what the description says of the codec holds.
    tracks.push_back({source_of_chain(track, map, chains.front()), {}});
  } else {
    for (const Chain& chain : chains) {
      TrackSource source = source_of_chain(track, map, chain);
      auto coding = find_coding(source, std::nullopt);
      if (coding && is_meant(track, *coding)) tracks.push_back({std::move(source), std::move(*coding)});
    }
  }
  if (tracks.empty()) {
    tracks.push_back({source_of(track), {}});
    tracks.front().source.selection.look = map.look();
  }
  return tracks;
}

}  // namespace greffe::intake
