// What a track is coded with: from what is declared, what the dump says, and at last from the packets.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "intake/dump_packets.h"
#include "media/audio_format.h"
#include "rtp/fec_decoder.h"
#include "rtp/rtx_restorer.h"

namespace greffe::intake {

struct TrackCoding {
  media::CodecId codec = media::CodecId::Unknown;
  std::string codec_name;  // as found; for codecs greffe does not know, their own name
  // What dump and description call the codec, where they contradict each other.
  std::optional<std::pair<std::string, std::string>> contradiction;
  ClockRate clock;           // of RTP time
  media::AudioFormat audio;  // of sound; its clock is the one above
  std::map<PayloadType, media::CodecId> payload_types;
  std::set<media::CodecId> elsewhere;    // codecs of these types that have a track of their own
  bool told_beside = false;              // such a track tells what is damaged in the packets of both
  std::optional<PayloadType> red;        // packets of this type are wrapped (RFC 2198)
  rtp::Protection protection;            // error correction; of FlexFEC see StreamMap
  rtp::Retransmissions retransmissions;  // see StreamMap
  std::string format_parameters;  // a=fmtp of the codec's type, as SDP or the recording's header has it
  std::map<int, std::string> extmap;
  std::vector<dump::SsrcGroup> groups;  // a=ssrc-group
  std::vector<dump::StreamName> names;  // a=rid
  int reordering_window = 2048;         // in packets; survey_track() widens it where packets came later (R6)
  bool has_copies = true;               // some packets came twice; survey_track() finds out
  bool has_arrival = true;
  bool wall_clock = true;
  Duration arrival_grain{};
};

// Reads the first packets of a track. `declared` is the description's codec, for dumps that do not say it:
// where a header or session description names another, that one is taken, unless the packets can only be of
// the declared one, by the pace of their clock, their static type or how their pictures begin. Fails when the
// dump is encrypted end to end (R37), holds a data channel, or nothing in it can be named (R13): kind
// Damaged, since other tracks may go on.
//
// Error correction in the track's own numbers (ULPFEC) is known by SDP, or by its sums. Redundancy is known
// by the header or SDP, and where both are silent by its looks: the packets of one type hold copies and a
// primary block, all of one other type. What is inside it is then looked at in its place.
Result<TrackCoding> find_coding(const TrackSource& source, const std::optional<std::string>& declared);
// The same of one of several codecs that a sender changed between, whose payload types are known.
Result<TrackCoding> find_coding_of(const TrackSource& source, media::CodecId codec,
                                   const std::map<PayloadType, media::CodecId>& types);

}  // namespace greffe::intake
