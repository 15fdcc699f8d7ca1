#include "codec/audio_decoder.h"

#include <opus.h>

extern "C" {
#include <libavcodec/avcodec.h>
}

#include "codec/g711.h"
#include "codec/g722.h"
#include "codec/opus_decoder.h"

namespace greffe::codec {

using media::CodecId;

Result<std::unique_ptr<AudioDecoder>> make_audio_decoder(CodecId codec) {
  switch (codec) {
    case CodecId::Opus: return make_opus_decoder();
    case CodecId::Pcmu: return make_g711_decoder(G711Law::Mu);
    case CodecId::Pcma: return make_g711_decoder(G711Law::A);
    case CodecId::G722: return make_g722_decoder();
    default: return fail("no decoder for sound coded with \"{}\"", media::facts_of(codec).name);
  }
}

std::size_t samples_in(CodecId codec, Bytes packet) {
  switch (codec) {
    case CodecId::Opus: return opus_samples_in(packet);
    case CodecId::Pcmu:
    case CodecId::Pcma: return packet.size();
    case CodecId::G722: return 2 * packet.size();
    default: return 0;
  }
}

LibraryVersions audio_library_versions() {
  const unsigned version = avcodec_version();
  return {{"libopus", opus_get_version_string()},
          {"libavcodec", fmt::format("{}.{}.{}", version >> 16, version >> 8 & 0xFF, version & 0xFF)}};
}

}  // namespace greffe::codec
