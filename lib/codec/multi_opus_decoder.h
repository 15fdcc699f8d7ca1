// Opus of several streams in a packet (RFC 7845 §5.1.1), mixed down to stereo.
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

// Fails for a mapping of more than 8 channels, or one that contradicts itself. `output_gain` as of
// make_opus_decoder().
Result<std::unique_ptr<AudioDecoder>> make_multi_opus_decoder(const media::OpusMapping& mapping,
                                                              int output_gain = 0);

}  // namespace greffe::codec
