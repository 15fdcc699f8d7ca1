// Which streams of a file a described track means.
#pragma once

#include <map>
#include <mutex>
#include <optional>
#include <set>
#include <vector>

#include "intake/stream_map.h"
#include "timeline/meeting_description.h"

namespace greffe::intake {

// The maps of the files of one meeting, each read once, whichever thread asks first.
class StreamMaps {
 public:
  Result<const StreamMap*> of(const Path& file, const std::map<int, std::string>& extmap);
  // What comes into no track, of each file but those. When all have been read.
  void tell_left_out(const std::set<Path>& but, DamageLog& damage) const;

 private:
  // Who wants a file that another thread reads waits for it; other files are read meanwhile.
  struct Entry {
    std::mutex reading;
    std::optional<StreamMap> map;
  };
  std::mutex finding_;
  std::map<Path, Entry> maps_;
};

// A track that a description means.
struct MeantTrack {
  TrackSource source;
  std::optional<TrackCoding> coding;  // by its packets alone, where they were asked what they are
};

// Whether media of that kind can be what a described track of that role means; a room has both kinds.
bool has_role(media::Kind kind, std::string_view role);
// "audio", "video" or "audio or video": what it must be, for people.
std::string_view kinds_of(std::string_view role);
// The role of that kind that stands beside `role`: of a screen its sound, of a microphone the camera.
std::string_view role_beside(std::string_view role, media::Kind kind);

// The tracks that a described one stands for: what is named by "ssrc", or every stream whose codec is of the
// role's kind, so that all layers of a simulcast camera are kept (R49). Streams of one flow and type that do
// not overlap in time are one track that changed its SSRC (R11). An SSRC that came by several flows has
// several senders: the flow with the most packets is taken, the others are damage "several-senders" (R12).
// Never empty: where nothing fits, the file as described.
Result<std::vector<MeantTrack>> tracks_of(const timeline::DescribedTrack& track, const StreamMap& map,
                                          DamageLog& damage);

// Without a map: the whole file, or what the description selects of it.
TrackSource source_of(const timeline::DescribedTrack& track);

}  // namespace greffe::intake
