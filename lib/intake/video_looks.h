// What packets of video show of their codec where nothing names it.
#pragma once

#include <optional>

#include "base/byte_reader.h"
#include "media/codec_id.h"

namespace greffe::intake {

// The codec whose parameter sets begin this payload; nullopt for all other payloads. That an SPS can be read
// to the end, has a profile that exists and a size that is allowed is more than chance gives: fewer than one
// random payload in 100,000 looks so.
std::optional<media::CodecId> codec_of_parameter_sets(Bytes payload);

// VP9 or AV1, when a coded video sequence of it begins in this payload: a key frame behind a descriptor that
// can be read, or a sequence header and a frame behind it, with a size that is allowed. Of AV1 that alone is
// no proof: see can_be().
std::optional<media::CodecId> codec_of_sequence_start(Bytes payload);
// Whether the payload can be one of VP9 or AV1, which most random ones can.
bool can_be(media::CodecId codec, Bytes payload);

}  // namespace greffe::intake
