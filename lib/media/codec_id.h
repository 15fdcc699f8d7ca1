// What a track is coded with: one visible table.
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>

#include "units/rtp.h"

namespace greffe::media {

enum class Kind : std::uint8_t { Audio, Video, Data };

enum class CodecId : std::uint8_t {
  Unknown,
  Vp8,
  Vp9,
  H264,
  H265,
  Av1,
  Opus,
  MultiOpus,
  Pcmu,
  Pcma,
  G722,
  L16,
  Aac,
  Vorbis,
  Ffv1,
  Flac,
  TelephoneEvent,
  ComfortNoise,
  Red,
};

struct CodecFacts {
  CodecId id;
  std::string_view name;  // lower case, as in reports and meeting.json
  Kind kind;
  // RFC 3551: G.722 counts at 8000 though it samples at 16000. Of L16, AAC and Vorbis these are the rates
  // where nothing says another: each track has its own (AudioFormat).
  ClockRate rtp_clock;
  std::uint32_t sample_rate_hz;  // of decoded audio; 0 for video
  bool supported;                // greffe makes a track of it; others stay in the dump and are named
};

const CodecFacts& facts_of(CodecId codec);
// With one stream or several.
constexpr bool is_opus(CodecId codec) { return codec == CodecId::Opus || codec == CodecId::MultiOpus; }
// Only files of other platforms hold them; each track has its own rate and what its decoder must be told.
constexpr bool is_of_files_only(CodecId codec) { return codec == CodecId::Aac || codec == CodecId::Vorbis; }
// Comes beside the sound of a codec, in its stream: no sound of its own.
constexpr bool is_beside_sound(CodecId codec) {
  return codec == CodecId::TelephoneEvent || codec == CodecId::ComfortNoise;
}
// By name in any case ("PCMU", "vp8", "H265", "hevc"); nullopt when greffe has never heard of it.
std::optional<CodecId> find_codec(std::string_view name);
// The static payload types of RFC 3551 §6; nullopt for dynamic and unassigned ones.
std::optional<CodecId> find_static_codec(PayloadType type);
std::string_view name_of(Kind kind);

}  // namespace greffe::media
