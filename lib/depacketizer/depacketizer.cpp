#include "depacketizer/depacketizer.h"

#include "depacketizer/audio.h"
#include "depacketizer/av1.h"
#include "depacketizer/nal_depacketizer.h"
#include "depacketizer/vp8.h"
#include "depacketizer/vp9.h"

namespace greffe::depacketizer {
namespace {

using Make = std::unique_ptr<Depacketizer> (*)(rtp::PacketSource& packets, Options options,
                                               DamageLog& damage);

template <media::CodecId Codec, ReadPayload Read>
std::unique_ptr<Depacketizer> make_audio(rtp::PacketSource& packets, Options options, DamageLog& damage) {
  return std::make_unique<AudioDepacketizer>(Codec, Read, packets, std::move(options), damage);
}

std::unique_ptr<Depacketizer> make_vp8(rtp::PacketSource& packets, Options options, DamageLog& damage) {
  return std::make_unique<Vp8Depacketizer>(packets, std::move(options), damage);
}

std::unique_ptr<Depacketizer> make_vp9(rtp::PacketSource& packets, Options options, DamageLog& damage) {
  return std::make_unique<Vp9Depacketizer>(packets, std::move(options), damage);
}

std::unique_ptr<Depacketizer> make_av1(rtp::PacketSource& packets, Options options, DamageLog& damage) {
  return std::make_unique<Av1Depacketizer>(packets, std::move(options), damage);
}

std::unique_ptr<Depacketizer> make_h264(rtp::PacketSource& packets, Options options, DamageLog& damage) {
  return std::make_unique<NalDepacketizer>(make_h264_syntax(), packets, std::move(options), damage);
}

std::unique_ptr<Depacketizer> make_h265(rtp::PacketSource& packets, Options options, DamageLog& damage) {
  auto syntax = make_h265_syntax(options.format_parameters);
  return std::make_unique<NalDepacketizer>(std::move(syntax), packets, std::move(options), damage);
}

struct Row {
  media::CodecId codec;
  Make make;  // nullptr: known, not supported yet
};

// The one table of what can be unpacked.
constexpr Row Table[] = {
    {media::CodecId::Vp8, make_vp8},
    {media::CodecId::Opus, make_audio<media::CodecId::Opus, read_opus>},
    {media::CodecId::MultiOpus, make_audio<media::CodecId::MultiOpus, read_multi_opus>},
    {media::CodecId::Pcmu, make_audio<media::CodecId::Pcmu, read_octets>},
    {media::CodecId::Pcma, make_audio<media::CodecId::Pcma, read_octets>},
    {media::CodecId::G722, make_audio<media::CodecId::G722, read_octets>},
    {media::CodecId::H264, make_h264},
    {media::CodecId::Vp9, make_vp9},
    {media::CodecId::Av1, make_av1},
    {media::CodecId::H265, make_h265},
    {media::CodecId::L16, make_audio<media::CodecId::L16, read_l16>},
};

}  // namespace

Result<std::unique_ptr<Depacketizer>> make_depacketizer(media::CodecId codec, rtp::PacketSource& packets,
                                                        Options options, DamageLog& damage) {
  for (const Row& row : Table) {
    if (row.codec == codec && row.make != nullptr) return row.make(packets, std::move(options), damage);
  }
  return fail(ErrorKind::Damaged, "greffe makes no track of {} yet: its packets stay in the dump",
              media::facts_of(codec).name);
}

}  // namespace greffe::depacketizer
