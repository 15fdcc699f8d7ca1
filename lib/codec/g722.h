// ITU-T G.722 at 64 kbit/s through libavcodec: one octet, two samples at 16 kHz.
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

Result<std::unique_ptr<AudioDecoder>> make_g722_decoder();

}  // namespace greffe::codec
