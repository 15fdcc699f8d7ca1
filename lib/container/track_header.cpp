#include "container/track_header.h"

#include <algorithm>
#include <array>

#include "container/matroska_ids.h"

namespace greffe::container {
namespace {

using media::CodecId;

constexpr std::uint16_t NoTag = 0;
struct Mapping {
  media::CodecId codec;
  std::string_view name;
  std::uint16_t wave_tag = NoTag;  // of codecs that Matroska knows by their WAVEFORMATEX (RFC 2361)
  std::uint16_t bits = 0;          // a sample, coded
};
// G.722 has 4 bits for each of its 16 kHz samples.
constexpr std::array Mappings{Mapping{CodecId::Vp8, "V_VP8"},
                              Mapping{CodecId::Vp9, "V_VP9"},
                              Mapping{CodecId::H264, "V_MPEG4/ISO/AVC"},
                              Mapping{CodecId::H265, "V_MPEGH/ISO/HEVC"},
                              Mapping{CodecId::Av1, "V_AV1"},
                              Mapping{CodecId::Ffv1, "V_FFV1"},
                              Mapping{CodecId::Opus, "A_OPUS"},
                              Mapping{CodecId::MultiOpus, "A_OPUS"},
                              Mapping{CodecId::Pcmu, "A_MS/ACM", 0x0007, 8},
                              Mapping{CodecId::Pcma, "A_MS/ACM", 0x0006, 8},
                              Mapping{CodecId::G722, "A_MS/ACM", 0x028F, 4},
                              Mapping{CodecId::Aac, "A_AAC"},
                              Mapping{CodecId::Vorbis, "A_VORBIS"},
                              Mapping{CodecId::L16, "A_PCM/INT/BIG", NoTag, 16}};

enum TrackType : std::uint8_t { VideoTrack = 1, AudioTrack = 2 };
constexpr std::uint64_t OpusSeekPreRoll_ns = 80'000'000;  // RFC 7845 §4.6

std::uint32_t sample_rate_of(const TrackFormat& format) {
  const bool has_own = format.codec == CodecId::L16 || media::is_of_files_only(format.codec);
  return has_own ? format.audio.clock.hz : media::facts_of(format.codec).sample_rate_hz;
}

// RFC 7845 §5.1. Pre-skip is 0: a packet's first sample belongs at the packet's own time, nothing is to be
// dropped.
std::vector<std::uint8_t> opus_head(const media::AudioFormat& audio) {
  const auto gain = static_cast<std::uint16_t>(audio.output_gain);
  std::vector<std::uint8_t> head{
      'O', 'p', 'u',  's',  'H', 'e', 'a', 'd', 1, static_cast<std::uint8_t>(audio.channels),
      0,   0,   0x80, 0xBB, 0,   0,   0,   0,   0};
  head[16] = static_cast<std::uint8_t>(gain);
  head[17] = static_cast<std::uint8_t>(gain >> 8);
  if (!audio.mapping) return head;
  // §5.1.1.2: family 1, channels in the order of Vorbis.
  head.back() = 1;
  head.push_back(static_cast<std::uint8_t>(audio.mapping->streams));
  head.push_back(static_cast<std::uint8_t>(audio.mapping->coupled));
  head.insert(head.end(), audio.mapping->channels.begin(), audio.mapping->channels.end());
  return head;
}

// 18 octets, little-endian: tag, channels, samples a second, octets a second, octets a block, bits a sample,
// nothing more.
std::vector<std::uint8_t> wave_format(const Mapping& mapping, const TrackFormat& format) {
  std::vector<std::uint8_t> wave;
  const auto put = [&](std::uint32_t value, unsigned octets) {
    for (unsigned i = 0; i < octets; ++i) wave.push_back(static_cast<std::uint8_t>(value >> 8 * i));
  };
  const auto channels = static_cast<std::uint32_t>(format.audio.channels);
  const std::uint32_t rate = sample_rate_of(format);
  put(mapping.wave_tag, 2);
  put(channels, 2);
  put(rate, 4);
  put(rate * channels * mapping.bits / 8, 4);
  put(channels, 2);
  put(mapping.bits, 2);
  put(0, 2);
  return wave;
}

std::vector<std::uint8_t> codec_private_of(const Mapping& mapping, const TrackFormat& format) {
  if (media::is_opus(format.codec)) return opus_head(format.audio);
  if (mapping.wave_tag != NoTag) return wave_format(mapping, format);
  return format.codec_private;
}

EbmlBuffer video_of(const TrackFormat& format) {
  EbmlBuffer video;
  video.uint(id::PixelWidth, static_cast<std::uint64_t>(std::max(format.size.width_px, 1)));
  video.uint(id::PixelHeight, static_cast<std::uint64_t>(std::max(format.size.height_px, 1)));
  return video;
}

EbmlBuffer audio_of(const Mapping& mapping, const TrackFormat& format) {
  EbmlBuffer audio;
  audio.real(id::SamplingFrequency, sample_rate_of(format));
  audio.uint(id::Channels, static_cast<std::uint64_t>(format.audio.channels));
  if (mapping.bits > 0) audio.uint(id::BitDepth, mapping.bits);
  return audio;
}

}  // namespace

Result<EbmlBuffer> track_entry(const TrackFormat& format) {
  const auto found = std::find_if(Mappings.begin(), Mappings.end(),
                                  [&](const Mapping& known) { return known.codec == format.codec; });
  const media::CodecFacts& facts = media::facts_of(format.codec);
  if (found == Mappings.end()) return fail("no way to write {} into Matroska", facts.name);
  const bool is_video = facts.kind == media::Kind::Video;
  EbmlBuffer entry;
  entry.uint(id::TrackNumber, 1);
  entry.uint(id::TrackUid, 1);
  entry.uint(id::TrackType, is_video ? VideoTrack : AudioTrack);
  entry.uint(id::FlagLacing, 0);
  entry.text(id::Language, "und");
  if (!format.title.empty()) entry.text(id::Name, format.title);
  entry.text(id::CodecId, found->name);
  const auto codec_private = codec_private_of(*found, format);
  if (!codec_private.empty()) entry.binary(id::CodecPrivate, codec_private);
  if (media::is_opus(format.codec)) {
    entry.uint(id::CodecDelay, 0);
    entry.uint(id::SeekPreRoll, OpusSeekPreRoll_ns);
  }
  if (is_video)
    entry.master(id::Video, video_of(format));
  else
    entry.master(id::Audio, audio_of(*found, format));
  return entry;
}

}  // namespace greffe::container
