// The rows of the catalog as plain values, one struct per table of schemas/sql. Times within a meeting are
// whole milliseconds since its start.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "fixity/digest.h"

namespace greffe::catalog {

struct MeetingRow {
  std::string id;
  std::string title;
  std::int64_t start_unix_ms = 0;  // UTC
  std::int64_t duration_ms = 0;
  std::string origin;
  std::string meeting_class;
  fixity::Digest manifest;  // of manifest-sha256.txt
  bool operator==(const MeetingRow&) const = default;
};

struct ProducerRow {
  std::string name;
  bool operator==(const ProducerRow&) const = default;
};

struct ParticipantRow {
  std::string id;
  std::string name;
  bool operator==(const ParticipantRow&) const = default;
};

struct TrackRow {
  std::string track;  // stem of tracks/NAME.mkv
  std::string participant;
  std::string role;
  std::string codec;
  std::string dump;
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::int64_t frames = 0;
  std::int64_t packets = 0;
  std::int64_t lost = 0;
  std::int64_t late = 0;
  std::int64_t duplicates = 0;
  std::int64_t recovered = 0;
  bool operator==(const TrackRow&) const = default;
};

struct AssetRow {
  std::string path;  // relative to the meeting folder
  std::string kind;  // its top folder, or "meeting"
  std::int64_t bytes = 0;
  fixity::Digest digest;
  bool operator==(const AssetRow&) const = default;
};

struct RenderRow {
  std::string file;  // relative to the meeting folder
  std::int64_t bytes = 0;
  fixity::Digest digest;
  std::string receipt;  // relative to the meeting folder
  fixity::Digest scenes;
  std::string options;  // canonical JSON
  bool operator==(const RenderRow&) const = default;
};

struct CueRow {
  std::int64_t start_ms = 0;
  std::int64_t end_ms = 0;
  std::string speaker;
  std::string text;
  bool operator==(const CueRow&) const = default;
};

// All rows of one meeting. Producers, participants and cues are in their own order, the others in that of
// their names.
struct MeetingRecord {
  MeetingRow meeting;
  std::vector<ProducerRow> producers;
  std::vector<ParticipantRow> participants;
  std::vector<TrackRow> tracks;
  std::vector<AssetRow> assets;
  std::vector<RenderRow> renders;
  std::vector<CueRow> cues;
  bool operator==(const MeetingRecord&) const = default;
};

// Days as text, '' for none: see schemas/sql.
struct HoldRow {
  std::string id;
  std::string matter;
  std::string owner;
  std::string reason;
  std::string created_by;
  std::string created_utc;
  std::string start_date;
  std::string end_date;
  std::int64_t auto_release = 0;
  std::string review_on;
  std::string mode;
  std::string blocks;
  std::string query;
  std::string condition;
  std::int64_t confidential = 0;
  std::int64_t batches = 0;
  std::string released_date;
  std::string released_by;
  std::string release_reason;
  bool operator==(const HoldRow&) const = default;
};

struct HoldMemberRow {
  std::string meeting;
  std::string since_utc;
  std::string evidence;  // canonical JSON
  bool operator==(const HoldMemberRow&) const = default;
};

struct JournalRow {
  std::int64_t seq = 0;
  std::string utc;  // RFC 3339
  std::string action;
  std::string subjects;  // JSON array
  std::string outcome;
  std::string entry;  // the whole canonical line
  bool operator==(const JournalRow&) const = default;
};

// What an entry tells of a meeting folder: that its manifest is to be this one.
struct FolderChange {
  std::int64_t seq = 0;  // of the entry
  std::string meeting;
  fixity::Digest manifest;
};

}  // namespace greffe::catalog
