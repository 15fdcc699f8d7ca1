// RFC 6716 through libopus, which has concealment and in-band FEC.
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

// `output_gain`: in 1/256 dB, from -32768 to 32767; what comes out is multiplied with it.
Result<std::unique_ptr<AudioDecoder>> make_opus_decoder(int output_gain = 0);
// At 48 kHz; 0 when the packet is malformed or longer than 120 ms.
std::size_t opus_samples_in(Bytes packet);

}  // namespace greffe::codec
