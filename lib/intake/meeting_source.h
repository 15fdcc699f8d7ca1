// SOURCE of an ingest → what to read: from a meeting.json, or from the names and headers of the files.
#pragma once

#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "timeline/meeting_description.h"

namespace greffe::intake {

// One meeting to be: a description whose files are complete paths.
struct MeetingSource {
  std::string place;  // what the user named, for messages
  // What plain names in it may not lead out of; empty where files are given by themselves.
  Path folder;
  timeline::MeetingDescription description;
  std::vector<Path> transcripts_beside;  // transcript.json, .vtt and .srt in the description's folder
  std::vector<std::string> warnings;
  DamageLog damage;  // what of it is left aside
};

struct SourceOptions {
  bool split = false;                 // several meetings in one source are taken one by one
  std::map<int, std::string> extmap;  // header extensions of tracks that name none
  unsigned jobs = 0;                  // threads: see for_each_index
};

// A folder with a meeting.json is that meeting; a folder without one is read by names and headers; files
// given by themselves are one meeting. Several meetings in one source (rooms, or a pause over 30 minutes)
// fail with the groups named, unless `split`. Links that lead out of the folder are not followed: what they
// name is left out of the description and told as damage (R70).
Result<std::vector<MeetingSource>> find_meetings(const std::vector<Path>& sources,
                                                 const SourceOptions& options);

// A meeting.json with the paths in it made complete.
Result<MeetingSource> read_description(const Path& file);

}  // namespace greffe::intake
