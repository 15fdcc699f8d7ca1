// A stream of another platform's file as a track: copied as it is, on the meeting's clock (DESIGN 2).
#pragma once

#include <map>
#include <optional>
#include <set>
#include <utility>
#include <vector>

#include "container/media_file.h"
#include "intake/track_writer.h"
#include "timeline/clock_map.h"
#include "timeline/meeting_description.h"

namespace greffe::intake {

struct ContainerTrack {
  container::MediaStream stream;
  std::optional<WallTime> begun;  // when the file's time zero was; nullopt when nobody says
  bool doubled = false;  // its packets make twice the rate that the file names: of `stream` it is doubled
  std::int64_t first_tick = 0;  // of its frames
  std::int64_t last_tick = 0;
  DamageLog damage;  // where the file breaks off

  // Ticks → meeting time; a file that tells no time of day begins with the meeting.
  timeline::ClockMap clock_for(WallTime meeting_start) const;
};

// Streams of a file of another platform, for one described track.
struct MeantStreams {
  std::vector<container::MediaStream> taken;
  std::vector<container::MediaStream> left;  // that other described tracks may mean, and subtitles
};

// Takes the stream that a description names by number and leaves nothing, else the first of the kind that its
// role has; of a room the first of each kind. Fails with kind Damaged when there is none.
Result<MeantStreams> find_streams(const timeline::DescribedTrack& described, const std::string& place);

// Streams that one described track left and no other of the file took.
class LeftStreams {
 public:
  void add(const Path& file, const MeantStreams& streams);
  void tell(DamageLog& damage) const;

 private:
  std::map<std::pair<Path, int>, container::MediaStream> left_;  // by file and number
  std::set<std::pair<Path, int>> taken_;
};

// Reads the file to its end once. Fails with kind Damaged when the stream is empty, or one that greffe makes
// no track of.
Result<ContainerTrack> survey_container(const timeline::DescribedTrack& described,
                                        const container::MediaStream& stream, const std::string& place);

// Writes FOLDER/STEM.mkv, as write_track() does; `order` needs no survey.
Result<timeline::TrackSidecar> write_container_track(const TrackOrder& order, const ContainerTrack& track,
                                                     const Path& folder);

}  // namespace greffe::intake
