// The recorded event as it lies in an archive: meeting.json of a meeting folder and the sidecars it names.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "json/value.h"
#include "timeline/track_sidecar.h"
#include "units/time.h"

namespace greffe::timeline {

struct TranscriptFile {
  std::string file;        // "captions/…", as received
  Duration offset{};       // added to its times
  std::string language;    // BCP 47, may be empty
  bool gives_cues = true;  // false: kept beside the one the cues come from
};

struct DocumentFile {
  std::string file;   // "documents/…", as received
  std::string title;  // may be empty
};

struct Participant {
  std::string id;
  std::string name;                 // as written: any text
  std::vector<std::string> tracks;  // stems of tracks/
};

struct Meeting {
  std::string id;  // YYYYMMDD-HHMMSSZ-xxxxxxxxxx; empty outside an archive
  std::string title;
  WallTime start{};                    // meeting time 0
  MeetingTime end{};                   // of the last track
  std::string origin;                  // "janus", "rtpdump", "capture"; free text
  std::string meeting_class;           // records class, may be empty
  std::vector<std::string> producers;  // whose records it is (SEDA OriginatingAgency); none: not said
  std::string description_sha256;  // of what it was ingested with: tells a second ingest from another meeting
  std::vector<Participant> participants;
  std::vector<TrackSidecar> tracks;
  std::vector<TranscriptFile> transcripts;
  std::vector<DocumentFile> documents;            // those of a record without tracks are all it is
  std::vector<std::string> witnesses;             // "dumps/…"
  std::vector<std::string> session_descriptions;  // "dumps/NAME.sdp" of captures

  const TrackSidecar* find_track(std::string_view stem) const;
  const Participant* find_participant(std::string_view participant_id) const;
};

// meeting.json of a meeting folder, without the sidecars (those are files of their own).
json::Value to_json(const Meeting& meeting);
Result<Meeting> meeting_of(const json::Value& value);

}  // namespace greffe::timeline
