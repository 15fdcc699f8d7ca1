// A meeting as it lies on disk: meeting.json, the sidecars it names, and the tracks beside them (DESIGN 3).
#pragma once

#include <string_view>

#include "base/file.h"
#include "timeline/meeting.h"

namespace greffe::timeline {

// Where chunks of films lie that are being composed, below a meeting folder; no manifest lists them (DESIGN
// 3).
constexpr std::string_view UnfinishedFilms = "renders/.work";

struct MeetingFolder {
  Path path;
  Meeting meeting;

  Path track_path(std::string_view stem) const { return path / "tracks" / (std::string(stem) + ".mkv"); }
  static Path sidecar_path(const Path& folder, std::string_view stem) {
    return folder / "tracks" / (std::string(stem) + ".track.json");
  }
};

// meeting.json of a meeting folder alone: without the sidecars it names.
Result<Meeting> read_meeting(const Path& folder);
// A sidecar of any length, read piece by piece.
Result<TrackSidecar> read_sidecar(const Path& file, SidecarLists lists = SidecarLists::Read);
// Fails when meeting.json or a sidecar it names is missing or wrong.
Result<MeetingFolder> open_meeting_folder(const Path& path);

}  // namespace greffe::timeline
