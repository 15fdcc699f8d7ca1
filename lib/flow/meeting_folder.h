// A meeting as it lies on disk: meeting.json, the sidecars it names, and the tracks beside them (DESIGN 3).
#pragma once

#include <string_view>

#include "base/file.h"
#include "timeline/meeting.h"

namespace greffe::flow {

struct MeetingFolder {
  Path path;
  timeline::Meeting meeting;

  Path track_path(std::string_view stem) const { return path / "tracks" / (std::string(stem) + ".mkv"); }
  static Path sidecar_path(const Path& folder, std::string_view stem) {
    return folder / "tracks" / (std::string(stem) + ".track.json");
  }
};

// meeting.json of a meeting folder alone: without the sidecars it names.
Result<timeline::Meeting> read_meeting(const Path& folder);
// A sidecar of any length, read piece by piece.
Result<timeline::TrackSidecar> read_sidecar(const Path& file,
                                            timeline::SidecarLists lists = timeline::SidecarLists::Read);
// Fails when meeting.json or a sidecar it names is missing or wrong.
Result<MeetingFolder> open_meeting_folder(const Path& path);

}  // namespace greffe::flow
