// AAC and FLAC through libavcodec; for codec's own .cpp files.
#pragma once

#include "codec/sound_encoder.h"

namespace greffe::codec {

Result<std::unique_ptr<SoundEncoder>> make_av_sound_encoder(media::CodecId codec, int bitrate_bps);

}  // namespace greffe::codec
