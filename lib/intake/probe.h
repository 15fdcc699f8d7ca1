// What is in a dump: its tracks, what was lost of them, and how far to trust their clocks.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "dump/open_dump.h"
#include "intake/track_survey.h"
#include "json/value.h"
#include "media/coded_frame.h"
#include "timeline/clock_evidence.h"
#include "timeline/clock_map.h"

namespace greffe::intake {

// One stream of one sender: all of an .mjr or rtpdump, one SSRC of one flow in a capture.
struct ProbedTrack {
  dump::Flow flow;           // captures only
  std::optional<Ssrc> ssrc;  // the last one seen
  // "audio", "video", "data", "unknown"; "repair": retransmissions or error correction of another stream
  std::string kind;
  std::string codec;                        // "unknown" when nothing names it
  std::optional<PayloadType> payload_type;  // the commonest
  std::map<PayloadType, std::uint64_t> payload_types;
  rtp::PacketCounts counts;
  std::uint64_t repair_packets =
      0;                        // beside them: retransmissions and error correction, streams of their own
  std::optional<Ssrc> repairs;  // of kind "repair": the stream it repairs, when that is known
  std::string layer;            // of simulcast: its rid
  std::map<int, std::uint64_t> extensions;  // id → packets
  std::map<int, std::string> extmap;        // id → URI, as far as known
  ArrivalTime first{}, last{};              // arrival of the first and last packet
  bool has_arrival = true;
  bool wall_clock = true;
  std::uint64_t reports = 0;                // sender reports that speak of it
  std::optional<timeline::ClockMap> clock;  // meeting time 0 is the arrival time 0
  std::optional<double> drift_ppm;
  timeline::ClockEvidence evidence;  // places count like the clock's times
  struct SizeAt {
    ArrivalTime at{};
    media::PictureSize size;
  };
  std::vector<SizeAt> sizes;            // video that greffe can take apart
  std::vector<ArrivalTime> key_frames;  // by arrival
  // Keys pressed, on the clock above: times count from 1970, or from the recording's beginning.
  std::vector<timeline::TelephoneEvent> events;
  bool has_frames = false;  // sizes and key_frames were looked for
  DamageLog damage;
};

struct ProbedFile {
  Path path;
  dump::Format format = dump::Format::Mjr;
  std::vector<ProbedTrack> tracks;
  DamageLog damage;  // of the file, not of one track
};

struct ProbeOptions {
  std::map<int, std::string> extmap;  // added to what the dump says, id → URI
};

// Reads the file several times. Fails when it is no dump, or cannot be read.
Result<ProbedFile> probe_file(const Path& path, const ProbeOptions& options, ProgressSink& progress);

// The report of DESIGN 4, schema greffe.probe/1. Times are ms since `zero`.
json::Value to_json(const std::vector<ProbedFile>& files);
// The first arrival of any track that has a wall clock; time 0 of both reports.
ArrivalTime first_arrival_of(const std::vector<ProbedFile>& files);

}  // namespace greffe::intake
