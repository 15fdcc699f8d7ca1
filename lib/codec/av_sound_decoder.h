// Sound of codecs that only files of other platforms hold, through libavcodec: AAC and Vorbis.
#pragma once

#include "codec/audio_decoder.h"

namespace greffe::codec {

// Gives samples at format.clock with format.channels (1 or 2), whatever is coded: more channels are mixed
// down. A packet's samples belong at the packet's own time; the first of Vorbis has none. `codec_private` as
// Matroska has it: the AudioSpecificConfig, the three headers of Vorbis. In place of what is missing there is
// silence.
Result<std::unique_ptr<AudioDecoder>> make_av_sound_decoder(const media::AudioFormat& format,
                                                            Bytes codec_private);

}  // namespace greffe::codec
