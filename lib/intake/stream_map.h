// What the streams of one file are to each other: which are media, which repair others, which go on.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "intake/dump_packets.h"
#include "intake/track_coding.h"

namespace greffe::intake {

enum class StreamUse : std::uint8_t {
  Media,
  Retransmission,   // RFC 4588
  ErrorCorrection,  // FlexFEC
  Probes            // nothing but padding: a stream of retransmissions that had nothing to repeat, as a rule
};

// One SSRC of one flow.
struct MappedStream {
  dump::Flow flow;
  Ssrc ssrc;
  std::uint64_t packets = 0;
  std::uint64_t payloads = 0;                  // packets that are not empty, or padding alone
  std::map<PayloadType, std::uint64_t> types;  // packets
  ArrivalTime first{}, last{};
  std::string rid;           // by the rtp-stream-id extension, when its id is known
  std::string repaired_rid;  // by the repaired-rtp-stream-id extension
  StreamUse use = StreamUse::Media;
  std::optional<std::size_t> repairs;  // the stream it repairs; none for media, and where it is not known

  PayloadType main_type() const;
};

// Fewer packets of an SSRC than this are chance.
constexpr std::uint64_t LeastStreamPackets = 2;

class StreamMap {
 public:
  // Reads the whole file. What repairs what is told by SDP (a=fmtp apt=, a=ssrc-group), by the
  // repaired-rtp-stream-id extension, or by the packets (RepairFinder): in its own flow, or by other ports
  // between the same hosts. `extmap` adds to what the file says of header extensions. At most 1024 streams
  // are kept.
  static Result<StreamMap> read(const Path& file, const std::map<int, std::string>& extmap);

  // Of a capture: for the selection of who reads its streams.
  const std::shared_ptr<const dump::CaptureLook>& look() const { return look_; }
  const std::vector<MappedStream>& streams() const { return streams_; }  // by their first packet
  // What comes into no track: streams beyond the first 1024, and what repairs no stream that is known.
  void tell_left_out(const std::string& place, DamageLog& damage) const;
  // Of a stream that the selection names.
  bool is_selected(const MappedStream& stream, const dump::Selection& selection) const;

  // What repairs the streams that the selection names: for `coding`, and into the selection, so that their
  // packets are read beside it.
  void add_repairs(dump::Selection& selection, TrackCoding& coding) const;

 private:
  friend class StreamMapReader;
  std::shared_ptr<const dump::CaptureLook> look_;
  std::vector<MappedStream> streams_;
  std::map<dump::Flow, std::map<PayloadType, PayloadType>> repeated_types_;  // a=fmtp apt=
  std::uint64_t left_out_ = 0;                                               // packets
};

}  // namespace greffe::intake
