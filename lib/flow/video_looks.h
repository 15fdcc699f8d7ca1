// What packets of video show of their codec where nothing names it.
#pragma once

#include <optional>

#include "base/byte_reader.h"
#include "media/codec_id.h"

namespace greffe::flow {

// The codec whose parameter sets begin this payload; nullopt for all other payloads. That an SPS can be read
// to the end, has a profile that exists and a size that is allowed is more than chance gives: fewer than one
// random payload in 100,000 looks so.
std::optional<media::CodecId> codec_of_parameter_sets(Bytes payload);

}  // namespace greffe::flow
