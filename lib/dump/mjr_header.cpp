#include "dump/mjr_header.h"

#include "base/parse.h"
#include "base/text.h"
#include "dump/wall_clock.h"
#include "json/value.h"

namespace greffe::dump {

namespace {

constexpr std::size_t MagicBytes = 8;
constexpr std::size_t LengthBytes = 2;
constexpr std::size_t LegacyBytes = 15;  // "MEETECHO", 0, 5, "audio"
constexpr int LargestExtensionId = 255;  // of the two-byte form, RFC 8285 §4.3

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

std::optional<MjrVersion> find_version(std::string_view bytes) {
  using namespace std::string_view_literals;
  if (bytes.starts_with("MJR00002")) return MjrVersion::Two;
  if (bytes.starts_with("MJR00001")) return MjrVersion::One;
  const bool legacy = bytes.starts_with("MEETECHO\0\5"sv) && bytes.size() >= LegacyBytes;
  const std::string_view word = legacy ? bytes.substr(MagicBytes + LengthBytes, 5) : ""sv;
  if (word == "audio" || word == "video" || word.starts_with('d')) return MjrVersion::Legacy;
  return std::nullopt;
}

MjrHeader legacy_header(char first_letter) {
  MjrHeader header{.version = MjrVersion::Legacy, .bytes = LegacyBytes};
  header.header.media = first_letter;
  // The format has no name for the codec; recorders of its time wrote VP8 and Opus only.
  if (first_letter != 'd') header.header.codec = first_letter == 'v' ? "vp8" : "opus";
  header.header.codec_assumed = true;
  header.header.wall_clock = false;
  header.header.has_arrival = false;
  return header;
}

// Reads the members of the JSON header one by one; a member that makes no sense is damage, not the end.
class HeaderMembers {
 public:
  HeaderMembers(const json::Object& object, std::string_view place, DamageLog& damage)
      : object_(object), place_(place), damage_(damage) {}

  void read(MjrHeader& header) {
    Header& facts = header.header;
    if (const auto* media = text("t"); media && media->size() == 1) facts.media = media->front();
    if (facts.media && *facts.media != 'a' && *facts.media != 'v' && *facts.media != 'd') {
      complain("t", "neither a, v nor d");
      facts.media.reset();
    }
    if (const auto* codec = text("c")) facts.codec = *codec;
    if (const auto* fmtp = text("f")) facts.fmtp = *fmtp;
    if (const json::Value* encrypted = object_.find("e")) {
      if (const bool* flag = encrypted->find_bool())
        facts.encrypted = *flag;
      else
        complain("e", "not true or false");
    }
    if (const auto red = integer("or")) {
      if (*red >= 0 && *red <= 127)
        facts.red = PayloadType{static_cast<std::uint8_t>(*red)};
      else
        complain("or", "no payload type");
    }
    read_extensions(facts);
    read_start(header);
  }

 private:
  const std::string* text(std::string_view name) {
    const json::Value* value = object_.find(name);
    if (value && !value->find_text()) complain(name, "not a text");
    return value ? value->find_text() : nullptr;
  }

  std::optional<std::int64_t> integer(std::string_view name) {
    const json::Value* value = object_.find(name);
    if (!value) return std::nullopt;
    if (!value->find_integer()) {
      complain(name, "not a whole number");
      return std::nullopt;
    }
    return *value->find_integer();
  }

  void read_extensions(Header& facts) {
    const json::Value* extensions = object_.find("x");
    if (!extensions) return;
    if (!extensions->find_object()) return complain("x", "not an object");
    for (const auto& [name, uri] : *extensions->find_object()) {
      const auto id = find_number<int>(name);
      if (!id || *id < 1 || *id > LargestExtensionId || !uri.find_text())
        complain("x", "not a header extension id with its URI");
      else
        facts.extmap[*id] = *uri.find_text();
    }
  }

  // "u" is when the first record came, "s" when the file was made, both in microseconds since 1970.
  void read_start(MjrHeader& header) {
    for (const std::string_view name : {"u", "s"}) {
      const auto microseconds = integer(name);
      if (!microseconds) continue;
      if (is_plausible_wall_clock(*microseconds / 1'000'000)) {
        header.start = ArrivalTime(std::chrono::microseconds(*microseconds));
        return;
      }
      complain(name, fmt::format("{} microseconds is no time of a recording", *microseconds));
    }
    header.header.wall_clock = false;
  }

  void complain(std::string_view name, std::string_view why) {
    damage_.add({.condition = "bad-header-field",
                 .place = place_,
                 .position = MagicBytes + LengthBytes,
                 .text = fmt::format("header: \"{}\" is {}", name, why)});
  }

  const json::Object& object_;
  std::string_view place_;
  DamageLog& damage_;
};

}  // namespace

bool is_mjr_header(Bytes bytes) { return find_version(text_of(bytes)).has_value(); }

Result<MjrHeader> read_mjr_header(BlockReader& reader, std::uint64_t offset, std::string_view place,
                                  DamageLog& damage) {
  GREFFE_TRY(const Bytes all, reader.view(offset, MagicBytes + LengthBytes + 0xFFFF));
  const auto version = find_version(text_of(all));
  if (!version) return fail(ErrorKind::Damaged, "byte {}: no Janus recording begins here", offset);
  if (*version == MjrVersion::Legacy) return legacy_header(static_cast<char>(all[MagicBytes + LengthBytes]));

  MjrHeader header{.version = *version, .bytes = MagicBytes};
  header.header.has_arrival = *version == MjrVersion::Two;
  header.header.grain = *version == MjrVersion::Two ? std::chrono::milliseconds(1) : Duration{};
  header.header.wall_clock = false;
  // Without a single packet Janus leaves only the magic (R52).
  if (all.size() == MagicBytes) return header;

  ByteReader bytes(all.subspan(MagicBytes));
  const std::uint16_t length = bytes.u16();
  const Bytes text = bytes.take(length);
  if (bytes.failed())
    return fail(ErrorKind::Damaged, "byte {}: a header of {} bytes expected, the file ends after {}",
                offset + MagicBytes, length, all.size() - MagicBytes);
  const auto parsed = json::parse(text_of(text));
  if (!parsed || !parsed->find_object())
    return fail(ErrorKind::Damaged, "byte {}: a JSON object of {} bytes expected: {}",
                offset + MagicBytes + LengthBytes, length,
                parsed ? "not an object" : parsed.error().message());
  header.header.wall_clock = true;
  header.bytes = MagicBytes + LengthBytes + length;
  HeaderMembers(*parsed->find_object(), place, damage).read(header);
  return header;
}

}  // namespace greffe::dump
