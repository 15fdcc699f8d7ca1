// What must be known of a track's sound, beside its codec, to unpack, store and decode it.
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "media/codec_id.h"

namespace greffe::media {

// How the streams inside a packet of multi-channel Opus become channels (RFC 7845 §5.1.1): output channel c,
// in Vorbis order, is decoded channel mapping[c]; the first `coupled` streams have two. 255 is silence.
struct OpusMapping {
  int streams = 1;  // 1…255
  int coupled = 0;  // 0…streams
  std::vector<std::uint8_t> channels;

  bool operator==(const OpusMapping&) const = default;
};

struct AudioFormat {
  CodecId codec = CodecId::Unknown;
  // Of the RTP clock, and for L16, AAC and Vorbis of their samples.
  ClockRate clock{48'000};
  int channels = 1;  // of L16, AAC, Vorbis and multi-channel Opus; others tell it packet by packet
  std::optional<OpusMapping> mapping;  // of MultiOpus; always there in a track
  // Of Opus, in 1/256 dB: what its decoder's output is to be multiplied with (RFC 7845 §5.1). Files have it
  // in their heads, RTP has none.
  std::int16_t output_gain = 0;
};

// What the codec alone says.
inline AudioFormat audio_format_of(CodecId codec) {
  return {.codec = codec, .clock = facts_of(codec).rtp_clock};
}

}  // namespace greffe::media
