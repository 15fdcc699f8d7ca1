#include "container/packet_length.h"

#include <algorithm>
#include <cstdlib>

extern "C" {
#include <libavcodec/vorbis_parser.h>
}

namespace greffe::container {
namespace {

// A time in milliseconds is off by that much of a sample rate of 96 kHz.
constexpr std::int64_t Rounding = 100;
// The first packet of an Ogg page, where blocks of another size begin: libavformat counts back from the
// page's end without knowing the block before it.
constexpr std::int64_t OggPage = 640;

}  // namespace

void PacketLength::Free::operator()(AVVorbisParseContext* parser) const { av_vorbis_parse_free(&parser); }

PacketLength::PacketLength(media::CodecId codec, Bytes codec_private) : codec_(codec) {
  if (codec == media::CodecId::Vorbis)
    vorbis_.reset(av_vorbis_parse_init(codec_private.data(), static_cast<int>(codec_private.size())));
}

std::int64_t PacketLength::of(Bytes packet, std::int64_t step) {
  if (vorbis_)
    return std::max(0, av_vorbis_parse_frame(vorbis_.get(), packet.data(), static_cast<int>(packet.size())));
  if (codec_ != media::CodecId::Aac) return 0;
  // A frame of 1024 samples, or twice as many where the high band is coded apart (SBR), or 960 of radio.
  for (const std::int64_t length : {std::int64_t{2048}, std::int64_t{960}})
    if (std::abs(step - length) < Rounding / 2 && std::abs(step - aac_frame_) > Rounding / 2)
      aac_frame_ = length;
  return aac_frame_;
}

std::int64_t PacketLength::tolerance() const { return codec_ == media::CodecId::Vorbis ? OggPage : Rounding; }

}  // namespace greffe::container
