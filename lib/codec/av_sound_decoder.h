// Sound of codecs that only files of other platforms hold, through libavcodec: AAC and Vorbis.
#pragma once

#include <optional>

#include "codec/audio_decoder.h"

namespace greffe::codec {

// Gives samples at format.clock with format.channels (1 or 2), whatever is coded: more channels are mixed
// down. A packet's samples belong at the packet's own time; the first of Vorbis has none. `codec_private` as
// Matroska has it: the AudioSpecificConfig, the three headers of Vorbis. In place of what is missing there is
// silence.
Result<std::unique_ptr<AudioDecoder>> make_av_sound_decoder(const media::AudioFormat& format,
                                                            Bytes codec_private);

// The rate and the channels (1 or 2) of the sound that a packet of AAC makes: its extensions of the high band
// (SBR) and of stereo (PS) may show in no head. nullopt where the packet makes none.
struct MadeSound {
  std::uint32_t sample_rate_hz = 0;
  int channels = 0;
};
std::optional<MadeSound> sound_made_of_aac(Bytes packet, Bytes codec_private);

}  // namespace greffe::codec
