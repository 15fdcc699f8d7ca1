// What must be known of a track's sound beside its codec: rate, channels, the mapping of multi-channel Opus.
#pragma once

#include <string>

#include "base/result.h"
#include "dump/record.h"
#include "media/audio_format.h"

namespace greffe::intake {

// What names a track's sound.
struct AudioNames {
  media::CodecId codec = media::CodecId::Unknown;
  std::string name;                                // as the recorder wrote it: "l16-48"
  PayloadType type;                                // that holds the codec
  const dump::PayloadFormat* described = nullptr;  // what SDP says of the type, when it does
  std::string format_parameters;
  bool is_mjr = false;  // a recording of Janus, whose codec names stand for rates
};

// Fails (Damaged) when something is missing without which the sound cannot be unpacked: the rate of L16, the
// mapping of multi-channel Opus.
Result<media::AudioFormat> find_audio_format(const AudioNames& names);

// "channel_mapping=0,4,1,2,3,5;num_streams=4;coupled_streams=2", in any order and with blanks. Fails when one
// is missing or they contradict each other.
Result<media::OpusMapping> parse_opus_mapping(std::string_view fmtp);

}  // namespace greffe::intake
