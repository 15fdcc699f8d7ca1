// The second reading of a track: its frames into one Matroska file, and the sidecar beside it.
#pragma once

#include "intake/track_survey.h"
#include "timeline/clock_map.h"
#include "timeline/track_sidecar.h"

namespace greffe::intake {

struct TrackOrder {
  TrackSource source;  // the dump as it lies in the meeting folder
  const TrackSurvey* survey = nullptr;
  timeline::ClockMap clock;
  std::string stem;         // "amelie-camera-1"
  std::string participant;  // id
  std::string name;         // for players
  std::string role;
  std::string dump;  // "dumps/…"
};

// Writes FOLDER/STEM.mkv; the sidecar is returned, not written. Fails with kind Damaged when no frame of the
// track can be decoded; nothing is left of it then.
Result<timeline::TrackSidecar> write_track(const TrackOrder& order, const Path& folder);

}  // namespace greffe::intake
