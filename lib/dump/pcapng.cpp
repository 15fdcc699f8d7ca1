// pcapng (draft-ietf-opsawg-pcapng), read by ourselves: libpcap refuses files whose interfaces differ in link
// type or snap length and sections of another byte order (R58), and cannot go on behind a damaged block
// (R53).
#include <array>

#include "base/progress.h"
#include "dump/capture_file.h"

namespace greffe::dump {

namespace {

// Block: u32 type, u32 total length (a multiple of 4), body, u32 total length again.
constexpr std::uint32_t SectionHeader = 0x0A0D0D0A;  // reads the same in both byte orders
constexpr std::uint32_t InterfaceDescription = 1;
constexpr std::uint32_t OldPacket = 2;
constexpr std::uint32_t SimplePacket = 3;
constexpr std::uint32_t EnhancedPacket = 6;
constexpr std::uint32_t DecryptionSecrets = 10;
constexpr std::uint32_t ByteOrderMagic = 0x1A2B3C4D;
constexpr std::size_t BlockHeadBytes = 8;
constexpr std::size_t SmallestBlock = 12;
constexpr std::size_t SectionHeadBytes = 16;
constexpr std::size_t LargestInterfaces = 1024;
constexpr std::uint16_t TimeResolutionOption = 9;
constexpr std::uint16_t TimeOffsetOption = 14;

struct Interface {
  int link_type = 0;
  std::uint32_t snap_bytes = 0;  // 0: no limit
  std::uint8_t resolution = 6;   // of time: 10^-n s, or 2^-n with the top bit set
  std::int64_t offset_s = 0;
};

// Ticks of an interface → nanoseconds since 1970; nullopt when no clock says such a thing.
std::optional<Duration> time_of(std::uint64_t ticks, const Interface& interface) {
  __extension__ using Wide = unsigned __int128;
  Wide ns = ticks;
  const unsigned exponent = interface.resolution & 0x7F;
  if (interface.resolution & 0x80) {
    ns = exponent < 96 ? (ns * 1'000'000'000) >> exponent : 0;
  } else {
    for (unsigned n = exponent; n < 9; ++n) ns *= 10;
    for (unsigned n = 9; n < exponent && ns > 0; ++n) ns /= 10;
  }
  constexpr std::int64_t Limit = std::int64_t{1} << 61;
  constexpr std::int64_t OffsetLimit_s = Limit / 1'000'000'000;
  if (ns > static_cast<Wide>(Limit) || std::abs(interface.offset_s / 2) > OffsetLimit_s / 2)
    return std::nullopt;
  return Duration(static_cast<std::int64_t>(ns)) + std::chrono::seconds(interface.offset_s);
}

class PcapNgFile final : public CaptureFile {
 public:
  PcapNgFile(BlockReader& reader, std::string_view place, DamageLog& damage)
      : reader_(reader), place_(place), damage_(damage) {}

  Status open();
  Result<std::optional<CapturedFrame>> next() override;
  Status go_to(std::uint64_t position) override {
    at_ = position;
    return {};
  }
  Duration grain() const override { return Duration(1000); }
  std::uint64_t position() const override { return at_; }

 private:
  std::uint16_t u16(ByteReader& bytes) const { return little_ ? bytes.u16_le() : bytes.u16(); }
  std::uint32_t u32(ByteReader& bytes) const { return little_ ? bytes.u32_le() : bytes.u32(); }

  bool set_byte_order(Bytes section_head);
  // The length of the block at `offset` when it is one: known type, both lengths equal, inside the file.
  Result<std::optional<std::uint32_t>> find_block(std::uint64_t offset);
  Result<std::optional<CapturedFrame>> read_block(std::uint32_t length);
  void read_interface(Bytes body);
  void read_option(Interface& interface, std::uint16_t code, Bytes value) const;
  std::optional<CapturedFrame> read_packet(std::uint32_t type, Bytes body);
  Status resynchronise();
  Result<std::uint64_t> find_next_block(std::uint64_t from);
  void add_damage(std::string_view condition, std::uint64_t position, std::uint64_t bytes,
                  std::string_view why) {
    damage_.add({.condition = condition,
                 .place = place_,
                 .unit = "bytes",
                 .position = static_cast<std::int64_t>(position),
                 .amount = bytes,
                 .text = fmt::format("byte {}: {}", position, why)});
  }

  BlockReader& reader_;
  std::string place_;
  DamageLog& damage_;
  bool little_ = true;
  std::vector<Interface> interfaces_;  // of the section we are in
  std::uint64_t at_ = 0;
  Duration last_{};  // for packets without time
};

Status PcapNgFile::open() {
  GREFFE_TRY(const Bytes head, reader_.view(0, SectionHeadBytes));
  if (head.size() < SectionHeadBytes || !set_byte_order(head))
    return fail(ErrorKind::Damaged, "byte 0: a section header with its byte order expected");
  GREFFE_TRY(const auto length, find_block(0));
  if (!length) return fail(ErrorKind::Damaged, "byte 0: a whole section header expected");
  return {};
}

bool PcapNgFile::set_byte_order(Bytes section_head) {
  ByteReader bytes(section_head);
  bytes.skip(BlockHeadBytes);
  const std::uint32_t magic = bytes.u32();
  if (magic == ByteOrderMagic) little_ = false;
  if (magic == __builtin_bswap32(ByteOrderMagic)) little_ = true;
  return magic == ByteOrderMagic || magic == __builtin_bswap32(ByteOrderMagic);
}

Result<std::optional<std::uint32_t>> PcapNgFile::find_block(std::uint64_t offset) {
  GREFFE_TRY(const Bytes head, reader_.view(offset, SectionHeadBytes));
  if (head.size() < SmallestBlock) return std::nullopt;
  ByteReader bytes(head);
  const std::uint32_t type = u32(bytes);
  // A section header says its own byte order, in which its lengths are written.
  const bool before = little_;
  if (type == SectionHeader && (head.size() < SectionHeadBytes || !set_byte_order(head))) return std::nullopt;
  const std::uint32_t length = u32(bytes);
  const bool fits = length >= SmallestBlock && length % 4 == 0 && length <= reader_.size() - offset;
  std::optional<std::uint32_t> found;
  if (fits && length <= BlockReader::LargestView) {
    // One view over the whole block: the buffer only ever moves forward.
    GREFFE_TRY(const Bytes block, reader_.view(offset, length));
    ByteReader end(block.subspan(std::min<std::size_t>(block.size(), length - 4)));
    if (u32(end) == length) found = length;
  } else if (fits) {
    std::array<std::uint8_t, 4> tail{};
    GREFFE_TRY(const std::size_t got, read_at(reader_.file(), offset + length - 4, tail, reader_.name()));
    ByteReader end(Bytes(tail).first(got));
    if (u32(end) == length) found = length;
  }
  little_ = before;
  return found;
}

Result<std::optional<CapturedFrame>> PcapNgFile::next() {
  while (at_ < reader_.size()) {
    GREFFE_TRY(const auto length, find_block(at_));
    if (!length) {
      GREFFE_CHECK(resynchronise());
      continue;
    }
    GREFFE_TRY(const auto frame, read_block(*length));
    if (frame) return frame;
  }
  return std::nullopt;
}

// Reads the block at at_ and goes behind it; gives a frame when it is a packet.
Result<std::optional<CapturedFrame>> PcapNgFile::read_block(std::uint32_t length) {
  const std::uint64_t start = at_;
  at_ += length;
  GREFFE_TRY(const Bytes head, reader_.view(start, std::min<std::size_t>(length, SectionHeadBytes)));
  ByteReader type_bytes(head);
  const std::uint32_t type = u32(type_bytes);
  if (type == SectionHeader) {
    set_byte_order(head);
    interfaces_.clear();
    return std::nullopt;
  }
  if (type != InterfaceDescription && type != EnhancedPacket && type != SimplePacket && type != OldPacket)
    return std::nullopt;
  if (length > BlockReader::LargestView) {
    add_damage("block-too-large", start, length, fmt::format("a block of {} bytes is skipped", length));
    return std::nullopt;
  }
  GREFFE_TRY(const Bytes block, reader_.view(start, length));
  const Bytes body = block.subspan(BlockHeadBytes, length - SmallestBlock);
  if (type == InterfaceDescription) {
    read_interface(body);
    return std::nullopt;
  }
  auto frame = read_packet(type, body);
  if (frame) frame->position = start;
  if (!frame) add_damage("bad-packet-block", start, length, "a packet block contradicts itself");
  return frame;
}

void PcapNgFile::read_interface(Bytes body) {
  if (interfaces_.size() >= LargestInterfaces) return;
  Interface interface;
  ByteReader bytes(body);
  interface.link_type = u16(bytes);
  bytes.skip(2);
  interface.snap_bytes = u32(bytes);
  while (bytes.remaining() >= 4) {
    const std::uint16_t code = u16(bytes);
    const std::uint16_t length = u16(bytes);
    const Bytes value = bytes.take(length);
    if (code == 0 || bytes.failed()) break;
    bytes.skip((4 - length % 4) % 4);
    read_option(interface, code, value);
  }
  interfaces_.push_back(interface);
}

void PcapNgFile::read_option(Interface& interface, std::uint16_t code, Bytes value) const {
  ByteReader bytes(value);
  if (code == TimeResolutionOption && value.size() == 1) interface.resolution = bytes.u8();
  if (code == TimeOffsetOption && value.size() == 8)
    interface.offset_s = static_cast<std::int64_t>(little_ ? bytes.u64_le() : bytes.u64());
}

std::optional<CapturedFrame> PcapNgFile::read_packet(std::uint32_t type, Bytes body) {
  ByteReader bytes(body);
  std::uint32_t index = 0;
  std::uint64_t ticks = 0;
  if (type == EnhancedPacket) index = u32(bytes);
  if (type == OldPacket) {
    index = u16(bytes);
    bytes.skip(2);  // drops
  }
  if (type != SimplePacket) {
    ticks = std::uint64_t{u32(bytes)} << 32;
    ticks |= u32(bytes);
  }
  if (index >= interfaces_.size()) return std::nullopt;
  const Interface& interface = interfaces_[index];
  CapturedFrame frame{.link_type = interface.link_type, .timed = type != SimplePacket};
  std::uint32_t kept = 0;
  if (type != SimplePacket) kept = u32(bytes);
  frame.original_bytes = u32(bytes);
  if (type == SimplePacket) {
    kept = frame.original_bytes;
    if (interface.snap_bytes != 0) kept = std::min(kept, interface.snap_bytes);
  } else {
    const auto time = time_of(ticks, interface);
    if (!time) return std::nullopt;
    last_ = *time;
  }
  frame.arrival = ArrivalTime(last_);
  frame.bytes = bytes.take(kept);
  if (bytes.failed()) return std::nullopt;
  return frame;
}

Status PcapNgFile::resynchronise() {
  const std::uint64_t start = at_;
  GREFFE_TRY(at_, find_next_block(start + 1));
  GREFFE_TRY(const Bytes head, reader_.view(start, SectionHeadBytes));
  ByteReader bytes(head);
  const bool known_type = u32(bytes) <= EnhancedPacket;
  const std::uint32_t length = u32(bytes);
  const bool cut = at_ == reader_.size() && (bytes.failed() || (known_type && length > at_ - start));
  add_damage(cut ? "record-cut" : "noise", start, at_ - start,
             cut ? "the file ends inside a block" : "no block begins here");
  return {};
}

Result<std::uint64_t> PcapNgFile::find_next_block(std::uint64_t from) {
  for (std::uint64_t offset = reader_.skip_hole(from); offset < reader_.size();) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "interrupted");
    GREFFE_TRY(const Bytes window, reader_.view(offset, SearchBytes));
    if (window.size() < SmallestBlock) break;
    const auto may_begin = [&](std::size_t place) {
      ByteReader bytes(window.subspan(place));
      const std::uint32_t type = u32(bytes);
      if (type == SectionHeader) return true;
      const bool known =
          (type >= InterfaceDescription && type <= EnhancedPacket) || type == DecryptionSecrets;
      const std::uint32_t length = u32(bytes);
      return known && length % 4 == 0 && length >= SmallestBlock && length <= BlockReader::LargestView;
    };
    std::size_t place = 0;
    while (place + SmallestBlock <= window.size() && !may_begin(place)) ++place;
    const bool none = place + SmallestBlock > window.size();
    offset = none ? reader_.skip_hole(offset + place) : offset + place;
    if (none) continue;
    GREFFE_TRY(const auto length, find_block(offset));
    if (length) return offset;
    ++offset;
  }
  return reader_.size();
}

}  // namespace

Result<std::unique_ptr<CaptureFile>> open_pcapng(BlockReader& reader, std::string_view place,
                                                 DamageLog& damage) {
  auto file = std::make_unique<PcapNgFile>(reader, place, damage);
  GREFFE_CHECK(file->open());
  return file;
}

}  // namespace greffe::dump
