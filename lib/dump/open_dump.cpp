#include "dump/open_dump.h"

#include <algorithm>
#include <array>

#include "base/contained_file.h"
#include "base/text.h"
#include "dump/capture_file.h"
#include "dump/mjr.h"
#include "dump/rtpdump.h"

namespace greffe::dump {

namespace {

constexpr std::size_t ProbeBytes = 16;

std::string_view text_of(Bytes bytes) { return {reinterpret_cast<const char*>(bytes.data()), bytes.size()}; }

// True when `first` begins with `magic`, or is a beginning of it (at least 3 bytes) that the file ends in.
bool begins_with(Bytes first, std::string_view magic) {
  const std::string_view text = text_of(first).substr(0, magic.size());
  return text.size() >= std::min<std::size_t>(magic.size(), 3) && magic.starts_with(text);
}

bool is_mjr(Bytes first) {
  return begins_with(first, "MJR00002") || begins_with(first, "MJR00001") || begins_with(first, "MEETECHO");
}

struct Input {
  BlockReader reader;
  std::string_view place;
  DamageLog& damage;
  const Selection& selection;
};

// Every format greffe reads: how its first bytes look, and who reads it.
struct Known {
  Format format;
  std::string_view name;         // in reports
  std::string_view description;  // for people
  bool (*recognises)(Bytes first);
  Result<std::unique_ptr<RecordSource>> (*open)(Input input);
};

// Both byte orders, of microseconds, of nanoseconds.
bool is_pcap(Bytes first) {
  ByteReader reader(first);
  const std::uint32_t magic = reader.u32();
  constexpr std::array Magics{0xA1B2C3D4u, 0xD4C3B2A1u, 0xA1B23C4Du, 0x4D3CB2A1u};
  return std::find(Magics.begin(), Magics.end(), magic) != Magics.end();
}

bool is_pcapng(Bytes first) { return begins_with(first, "\x0A\x0D\x0D\x0A"); }

constexpr std::array Formats{
    Known{Format::Mjr, "mjr", "Janus recordings (.mjr)", is_mjr,
          [](Input input) { return open_mjr(std::move(input.reader), input.place, input.damage); }},
    Known{Format::RtpDump, "rtpdump", "rtpdump",
          [](Bytes first) { return begins_with(first, "#!rtpplay1.0 "); },
          [](Input input) { return open_rtpdump(std::move(input.reader), input.place, input.damage); }},
    Known{Format::Pcap, "pcap", "pcap", is_pcap,
          [](Input input) {
            return open_capture(std::move(input.reader), Format::Pcap, input.place, input.damage,
                                input.selection);
          }},
    Known{Format::PcapNg, "pcapng", "pcapng", is_pcapng,
          [](Input input) {
            return open_capture(std::move(input.reader), Format::PcapNg, input.place, input.damage,
                                input.selection);
          }},
};

const Known* find_known(Bytes first) {
  const auto* const found = std::find_if(Formats.begin(), Formats.end(),
                                         [&](const Known& known) { return known.recognises(first); });
  return found == Formats.end() ? nullptr : found;
}

tl::unexpected<Error> refuse_unknown(Bytes first) {
  if (first.empty()) return fail(ErrorKind::Damaged, "the file is empty (0 bytes)");
  std::string letters;
  for (const std::uint8_t byte : first)
    letters += byte >= 0x20 && byte < 0x7F ? static_cast<char>(byte) : '.';
  std::string names;
  for (const Known& known : Formats)
    names += fmt::format("{}{}", names.empty() ? "" : ", ", known.description);
  return fail(
      ErrorKind::Damaged,
      "not a dump greffe knows: it begins with {:02x} \"{}\"; known are {}; a meeting.json may also name "
      "WebM, Matroska, Ogg and MP4 files",
      fmt::join(first, " "), letters, names);
}

}  // namespace

std::string_view name_of(Format format) {
  const auto* const found = std::find_if(Formats.begin(), Formats.end(),
                                         [&](const Known& known) { return known.format == format; });
  return found == Formats.end() ? "unknown" : found->name;
}

Result<std::unique_ptr<RecordSource>> open_dump(InputFile input, const Path& name, std::string_view place,
                                                DamageLog& damage, const Selection& selection) {
  BlockReader reader(std::move(input), name);
  GREFFE_TRY(const Bytes first, reader.view(0, ProbeBytes));
  const Known* known = find_known(first);
  Result<std::unique_ptr<RecordSource>> opened = refuse_unknown(first);
  if (known) opened = known->open({std::move(reader), place, damage, selection});
  if (!opened) return fail_within(place, opened);
  return opened;
}

Result<std::unique_ptr<RecordSource>> open_dump(const Path& path, std::string_view place, DamageLog& damage,
                                                const Selection& selection) {
  GREFFE_TRY(InputFile input, open_input(path));
  return open_dump(std::move(input), path, place, damage, selection);
}

std::optional<Path> find_session_description(const Path& capture) {
  Path beside = Path(capture).replace_extension(".sdp");
  std::error_code none;
  if (!std::filesystem::is_regular_file(beside, none) || leads_out(beside.parent_path(), beside))
    return std::nullopt;
  return beside;
}

Result<std::optional<Format>> find_format(const Path& path) {
  GREFFE_TRY(InputFile input, open_input(path));
  BlockReader reader(std::move(input), path);
  GREFFE_TRY(const Bytes first, reader.view(0, ProbeBytes));
  const Known* known = find_known(first);
  if (!known) return std::nullopt;
  return known->format;
}

}  // namespace greffe::dump
