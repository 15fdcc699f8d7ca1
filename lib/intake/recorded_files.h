// What the names and headers of dump files say when nobody describes them.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "dump/record.h"
#include "intake/payload_sketch.h"
#include "media/codec_id.h"
#include "timeline/meeting_description.h"

namespace greffe::intake {

// Janus VideoRoom names files videoroom-ROOM-user-USER-µs-KIND-INDEX.mjr, EchoTest
// echotest-user-USER-KIND.mjr.
struct NameParts {
  std::string room;  // empty when the name has none
  std::string user;  // empty when the name has none
};
NameParts parts_of_name(std::string_view file_name);

bool holds_one_stream(dump::Format format);

// One stream of media in a file.
struct RecordedStream {
  Path file;
  dump::Format format = dump::Format::Mjr;
  NameParts name;
  dump::Flow flow;           // captures
  std::optional<Ssrc> ssrc;  // captures
  media::CodecId codec = media::CodecId::Unknown;
  std::uint64_t packets = 0;
  ArrivalTime first{}, last{};
  Duration active{};  // time in which packets came: pauses count a second
  bool wall_clock = true;
  bool has_arrival = true;
  PayloadSketch sketch;
  std::optional<Error> refused;  // why no track can be made of it
};

// A capture of media that other files have, too: read for sender reports.
struct RecordedWitness {
  Path file;
  std::set<Path> known_in;
};

struct RecordedFiles {
  std::vector<RecordedStream> files;  // streams, the same packets only once; those that are refused, too
  std::vector<RecordedWitness> witnesses;
  std::vector<Error> refusals;  // files that are no recordings; files and flows left out, since others have
                                // the same
  std::map<Path, DamageLog> damage;  // media that files left out have alone, by the file that is kept
};
// On up to `jobs` threads: see for_each_index.
Result<RecordedFiles> read_recorded_files(const std::vector<Path>& files, unsigned jobs);

// Streams of one room without a pause over 30 minutes; those whose file has no time of day are of its first
// meeting.
struct RecordedGroup {
  std::string name;
  std::vector<RecordedStream> files;
  std::vector<Path> witnesses;
  DamageLog damage;  // recordings of no use and of no meeting; media left out
};
std::vector<RecordedGroup> meetings_among(const RecordedFiles& recorded);

timeline::MeetingDescription describe(const RecordedGroup& group, const std::string& title);

}  // namespace greffe::intake
