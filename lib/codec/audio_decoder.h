// Coded sound → samples, with what each codec can do about packets that never came.
#pragma once

#include <cstdint>
#include <memory>

#include "base/byte_reader.h"
#include "base/library_version.h"
#include "base/result.h"
#include "media/audio_block.h"
#include "media/audio_format.h"

namespace greffe::codec {

// Decodes the packets of one track in order. Not thread-safe.
//
// Opus comes out with two channels whatever the packets say (R26), at 48 kHz; G.711 with one at 8 kHz; G.722
// with one at 16 kHz; L16, AAC and Vorbis at their own rates with one or two; multi-channel Opus mixed down
// to two. Opus comes out as the codec makes it, that is later than the microphone by the encoder's look-ahead
// (312 samples as a rule): whoever places the samples accounts for it, once.
class AudioDecoder {
 public:
  virtual ~AudioDecoder() = default;

  // The sound of one packet. Fails (Damaged) when the packet is malformed (R28); the decoder stays usable and
  // the caller conceals the packet's time.
  virtual Result<media::AudioBlock> decode(Bytes packet) = 0;

  // Exactly `length` samples in place of packets that are missing before `next` (empty when nothing follows
  // soon). Opus uses the copy that `next` may carry of the packet before it (in-band FEC, R29); `next` is
  // still to be decoded after. Keep `length` to 100 ms or so: longer it is only noise that fades.
  virtual media::AudioBlock conceal(std::size_t length, Bytes next) = 0;

  // Forgets what was heard: for a stretch that has nothing to do with the one before.
  virtual void reset() = 0;

  virtual std::uint32_t sample_rate_hz() const = 0;
  virtual int channels() const = 0;
};

// RFC 7845 §5.1: in 1/256 dB; 0 where it is no OpusHead.
std::int16_t output_gain_of(Bytes opus_head);

// Fails for a codec that is no sound or that greffe does not decode. `codec_private`: what the track's file
// says ahead of its packets, which AAC and Vorbis need and which has the output gain of Opus; copied.
Result<std::unique_ptr<AudioDecoder>> make_audio_decoder(const media::AudioFormat& format,
                                                         Bytes codec_private = {});

// How many samples (at the decoder's rate) a packet holds, without decoding it: Opus from its TOC octet and
// frame count (RFC 6716 §3.1, R27), the others from their length. 0 when malformed, and for AAC and Vorbis,
// whose files say it.
std::size_t samples_in(const media::AudioFormat& format, Bytes packet);

// libopus and libavcodec, as linked.
LibraryVersions audio_library_versions();

}  // namespace greffe::codec
