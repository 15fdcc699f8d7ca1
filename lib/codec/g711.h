// ITU-T G.711: one octet, one sample.
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

enum class G711Law { Mu, A };
std::unique_ptr<AudioDecoder> make_g711_decoder(G711Law law);

}  // namespace greffe::codec
