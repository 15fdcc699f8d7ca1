// How a coded track is named and described in Matroska (RFC 9559; codec mappings: draft-ietf-cellar-codec).
#pragma once

#include <string>
#include <vector>

#include "base/result.h"
#include "container/ebml.h"
#include "media/audio_format.h"
#include "media/coded_frame.h"

namespace greffe::container {

struct TrackFormat {
  media::CodecId codec = media::CodecId::Unknown;
  media::PictureSize size;   // of the first key frame, for video
  media::AudioFormat audio;  // for audio: rate of L16, channels as the file shall name them, Opus mapping
  std::string title;         // the participant's name, shown by players
  // Matroska's CodecPrivate, of the codecs that have one (avcC, hvcC, av1C, AudioSpecificConfig, the headers
  // of Vorbis); Opus gets its head by itself.
  std::vector<std::uint8_t> codec_private;
};

// The TrackEntry of the only track of a file. Fails for codecs that have no mapping.
Result<EbmlBuffer> track_entry(const TrackFormat& format);

}  // namespace greffe::container
