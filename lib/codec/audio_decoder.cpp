#include "codec/audio_decoder.h"

#include <opus.h>

#include <algorithm>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "codec/av_sound_decoder.h"
#include "codec/g711.h"
#include "codec/g722.h"
#include "codec/l16.h"
#include "codec/multi_opus_decoder.h"
#include "codec/opus_decoder.h"

namespace greffe::codec {

using media::CodecId;

std::int16_t output_gain_of(Bytes opus_head) {
  ByteReader reader(opus_head);
  constexpr std::size_t Gain = 16;
  reader.skip(Gain);
  const auto gain = static_cast<std::int16_t>(reader.u16_le());
  return reader.failed() ? std::int16_t{0} : gain;
}

Result<std::unique_ptr<AudioDecoder>> make_audio_decoder(const media::AudioFormat& format,
                                                         Bytes codec_private) {
  switch (format.codec) {
    case CodecId::Opus: return make_opus_decoder(output_gain_of(codec_private));
    case CodecId::MultiOpus:
      return make_multi_opus_decoder(format.mapping.value_or(media::OpusMapping{}),
                                     output_gain_of(codec_private));
    case CodecId::Pcmu: return make_g711_decoder(G711Law::Mu);
    case CodecId::Pcma: return make_g711_decoder(G711Law::A);
    case CodecId::G722: return make_g722_decoder();
    case CodecId::L16:
      if (format.clock.hz < 1000 || format.channels < 1 || format.channels > 2)
        return fail(ErrorKind::Damaged, "L16 at {} Hz with {} channels", format.clock.hz, format.channels);
      return make_l16_decoder(format);
    case CodecId::Aac:
    case CodecId::Vorbis: return make_av_sound_decoder(format, codec_private);
    default:
      return fail(ErrorKind::Damaged, "no decoder for sound coded with \"{}\"",
                  media::facts_of(format.codec).name);
  }
}

std::size_t samples_in(const media::AudioFormat& format, Bytes packet) {
  switch (format.codec) {
    case CodecId::Opus:
    case CodecId::MultiOpus: return opus_samples_in(packet);
    case CodecId::Pcmu:
    case CodecId::Pcma: return packet.size();
    case CodecId::G722: return 2 * packet.size();
    case CodecId::L16: return packet.size() / 2 / static_cast<std::size_t>(std::max(format.channels, 1));
    default: return 0;
  }
}

LibraryVersions audio_library_versions() {
  const unsigned version = avcodec_version();
  return {{"libopus", opus_get_version_string()},
          {"libavcodec", fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xFF, version & 0xFF)}};
}

}  // namespace greffe::codec
