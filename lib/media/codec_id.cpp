#include "media/codec_id.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>

namespace greffe::media {
namespace {

constexpr std::array Facts{
    CodecFacts{CodecId::Unknown, "unknown", Kind::Data, {90'000}, 0, false},
    CodecFacts{CodecId::Vp8, "vp8", Kind::Video, {90'000}, 0, true},
    CodecFacts{CodecId::Vp9, "vp9", Kind::Video, {90'000}, 0, true},
    CodecFacts{CodecId::H264, "h264", Kind::Video, {90'000}, 0, true},
    CodecFacts{CodecId::H265, "h265", Kind::Video, {90'000}, 0, true},
    CodecFacts{CodecId::Av1, "av1", Kind::Video, {90'000}, 0, true},
    CodecFacts{CodecId::Opus, "opus", Kind::Audio, {48'000}, 48'000, true},
    CodecFacts{CodecId::MultiOpus, "multiopus", Kind::Audio, {48'000}, 48'000, true},
    CodecFacts{CodecId::Pcmu, "pcmu", Kind::Audio, {8'000}, 8'000, true},
    CodecFacts{CodecId::Pcma, "pcma", Kind::Audio, {8'000}, 8'000, true},
    CodecFacts{CodecId::G722, "g722", Kind::Audio, {8'000}, 16'000, true},
    CodecFacts{CodecId::L16, "l16", Kind::Audio, {44'100}, 44'100, true},
    CodecFacts{CodecId::Aac, "aac", Kind::Audio, {48'000}, 48'000, true},
    CodecFacts{CodecId::Vorbis, "vorbis", Kind::Audio, {48'000}, 48'000, true},
    CodecFacts{CodecId::Ffv1, "ffv1", Kind::Video, {90'000}, 0, false},
    CodecFacts{CodecId::Flac, "flac", Kind::Audio, {48'000}, 48'000, false},
    CodecFacts{CodecId::TelephoneEvent, "telephone-event", Kind::Audio, {8'000}, 0, false},
    CodecFacts{CodecId::ComfortNoise, "cn", Kind::Audio, {8'000}, 0, false},
    CodecFacts{CodecId::Red, "red", Kind::Audio, {48'000}, 0, false},
};

struct Alias {
  std::string_view name;
  CodecId id;
};
constexpr std::array Aliases{Alias{"hevc", CodecId::H265},  Alias{"avc", CodecId::H264},
                             Alias{"av1x", CodecId::Av1},   Alias{"g711u", CodecId::Pcmu},
                             Alias{"g711a", CodecId::Pcma}, Alias{"l16-48", CodecId::L16}};

}  // namespace

const CodecFacts& facts_of(CodecId codec) {
  return *std::find_if(Facts.begin(), Facts.end(),
                       [&](const CodecFacts& facts) { return facts.id == codec; });
}

std::optional<CodecId> find_codec(std::string_view name) {
  std::string lower(name);
  std::transform(lower.begin(), lower.end(), lower.begin(),
                 [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  for (const CodecFacts& facts : Facts)
    if (facts.id != CodecId::Unknown && facts.name == lower) return facts.id;
  for (const Alias& alias : Aliases)
    if (alias.name == lower) return alias.id;
  return std::nullopt;
}

std::optional<CodecId> find_static_codec(PayloadType type) {
  switch (type.value) {
    case 0: return CodecId::Pcmu;
    case 8: return CodecId::Pcma;
    case 9: return CodecId::G722;
    case 10:
    case 11: return CodecId::L16;
    case 13: return CodecId::ComfortNoise;
    default: return std::nullopt;
  }
}

std::string_view name_of(Kind kind) {
  return kind == Kind::Audio ? "audio" : kind == Kind::Video ? "video" : "data";
}

}  // namespace greffe::media
