// Samples → Opus, AAC or FLAC for a film: one pass from its first sample to its last, the same bytes each
// time.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <vector>

#include "base/result.h"
#include "codec/opus_encoder.h"
#include "media/codec_id.h"

namespace greffe::codec {

// What a film's sound may be coded with: Opus, AAC, FLAC.
bool is_sound_codec(media::CodecId codec);
// Of stereo voices without audible loss; 0 for FLAC, which takes what it needs.
int default_sound_bitrate_bps(media::CodecId codec);

using SoundFrame = OpusPacket;

// Takes stereo at 48 kHz in blocks of any length. Sample n of the input is sample n + lookahead() of what a
// decoder gives. Not thread-safe.
class SoundEncoder {
 public:
  // Fails for other codecs.
  static Result<std::unique_ptr<SoundEncoder>> create(media::CodecId codec, int bitrate_bps);
  virtual ~SoundEncoder() = default;

  virtual int lookahead() const = 0;  // samples at 48 kHz
  // What a decoder is told ahead of all packets: OpusHead without pre-skip (RFC 7845 §5.1),
  // AudioSpecificConfig, STREAMINFO.
  virtual std::vector<std::uint8_t> codec_private() const = 0;
  // Interleaved stereo. Gives the packets that became full.
  virtual Result<std::vector<SoundFrame>> encode(std::span<const float> stereo) = 0;
  // Gives what is left, so that every input sample comes out of a decoder. Call once, last.
  virtual Result<std::vector<SoundFrame>> finish() = 0;
};

}  // namespace greffe::codec
