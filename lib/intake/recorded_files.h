// What the names and headers of dump files say when nobody describes them.
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

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

// One stream of media in a file.
struct RecordedStream {
  Path file;
  dump::Format format = dump::Format::Mjr;
  NameParts name;
  dump::Flow flow;           // captures
  std::optional<Ssrc> ssrc;  // captures
  media::CodecId codec = media::CodecId::Unknown;
  ArrivalTime first{}, last{};
  bool wall_clock = true;
  PayloadSketch sketch;
};

// A capture of media that other files have, too: read for sender reports.
struct RecordedWitness {
  Path file;
  std::set<Path> known_in;
};

struct RecordedFiles {
  std::vector<RecordedStream> files;  // streams that are media, the same packets only once
  std::vector<RecordedWitness> witnesses;
  std::vector<Error> refusals;  // files that are no dumps, or hold nothing; streams that nothing names; files
                                // and flows left out, since others have the same
};
// On up to `jobs` threads: see for_each_index.
Result<RecordedFiles> read_recorded_files(const std::vector<Path>& files, unsigned jobs);

// Streams of one room without a pause over 30 minutes; those whose file has no time of day are of its first
// meeting.
struct RecordedGroup {
  std::string name;
  std::vector<RecordedStream> files;
  std::vector<Path> witnesses;
};
std::vector<RecordedGroup> meetings_among(const RecordedFiles& recorded);

timeline::MeetingDescription describe(const RecordedGroup& group, const std::string& title);

}  // namespace greffe::intake
