// Uncompressed sound of 16 bits in network order (RFC 3551 §4.5.11).
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

// `format.channels` is 1 or 2, `format.clock` the sample rate, 1000 Hz or more.
std::unique_ptr<AudioDecoder> make_l16_decoder(const media::AudioFormat& format);

}  // namespace greffe::codec
