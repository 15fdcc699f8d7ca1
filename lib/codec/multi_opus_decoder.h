// Opus of several streams in a packet (RFC 7845 §5.1.1), mixed down to stereo.
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

// Fails for a mapping of more than 8 channels, or one that contradicts itself.
Result<std::unique_ptr<AudioDecoder>> make_multi_opus_decoder(const media::OpusMapping& mapping);

}  // namespace greffe::codec
