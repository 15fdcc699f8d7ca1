#include "dump/rtpdump.h"

#include "base/progress.h"
#include "dump/packet_class.h"
#include "dump/wall_clock.h"

namespace greffe::dump {

namespace {

// "#!rtpplay1.0 ADDRESS/PORT\n", then the binary header:
//
//   16 bytes: u32 seconds, u32 microseconds, u32 IPv4 address, u16 port, 2 of padding
//   24 bytes: the same with 8 bytes for each half of the time, as 64-bit rtptools write it: the number in the
//             first four, zeros behind
//
// Records: u16 length with these 8 bytes, u16 packet length (0: RTCP), u32 ms since the start; the packet.
constexpr std::size_t LongestLine = 256;
constexpr std::size_t ShortHeaderBytes = 16;
constexpr std::size_t LongHeaderBytes = 24;
constexpr std::size_t RecordHeaderBytes = 8;
constexpr std::size_t ProbeBytes = RecordHeaderBytes + 1;  // with the first byte of the packet
// Records that no record before led to are believed within this of the last one.
constexpr std::int64_t LargestJump_ms = 24 * 3600 * 1000;

struct RecordHead {
  std::uint16_t length = 0;         // of the record, with its header
  std::uint16_t packet_length = 0;  // on the wire; 0: RTCP
  std::uint32_t offset_ms = 0;

  explicit RecordHead(Bytes bytes) {
    ByteReader reader(bytes);
    length = reader.u16();
    packet_length = reader.u16();
    offset_ms = reader.u32();
  }
  std::size_t stored() const { return length - RecordHeaderBytes; }
  bool lengths_agree() const {
    return length >= RecordHeaderBytes && (packet_length == 0 || packet_length >= stored());
  }
  bool is_cut() const { return packet_length > stored(); }
};

// A record can begin here: its lengths agree and the packet has the version of RTP and RTCP.
bool looks_like_record(Bytes bytes) {
  return bytes.size() >= ProbeBytes && RecordHead(bytes).lengths_agree() && RecordHead(bytes).stored() > 0 &&
         bytes[RecordHeaderBytes] >> 6 == 2;
}

// A record begins here and another, or the end of the file, follows it.
Result<bool> begins_chain(BlockReader& reader, std::uint64_t offset) {
  GREFFE_TRY(const Bytes head, reader.view(offset, ProbeBytes));
  if (!looks_like_record(head)) return false;
  GREFFE_TRY(const Bytes bytes, reader.view(offset, RecordHead(head).length + ProbeBytes));
  const std::size_t length = RecordHead(bytes).length;
  if (bytes.size() < length) return false;
  const Bytes behind = bytes.subspan(length);
  return behind.size() < ProbeBytes || looks_like_record(behind);
}

class RtpDumpSource final : public RecordSource {
 public:
  RtpDumpSource(BlockReader reader, Header header, ArrivalTime start, std::uint64_t at,
                std::string_view place, DamageLog& damage)
      : reader_(std::move(reader)),
        header_(std::move(header)),
        start_(start),
        at_(at),
        place_(place),
        damage_(damage) {}

  const Header& header() const override { return header_; }
  const Flow& flow(std::uint32_t) const override { return flow_; }
  std::uint64_t position() const override { return at_; }
  std::uint64_t size() const override { return reader_.size(); }
  Result<std::optional<Record>> next() override;

 private:
  Result<bool> is_believable(Bytes head);
  std::optional<Record> make_record(Bytes bytes, std::uint64_t position);
  Status resynchronise();
  Result<std::uint64_t> find_record(std::uint64_t from);
  void finish();
  void add_damage(std::string_view condition, std::string_view unit, std::uint64_t position,
                  std::uint64_t amount, std::string text) {
    damage_.add({.condition = condition,
                 .place = place_,
                 .unit = unit,
                 .position = static_cast<std::int64_t>(position),
                 .amount = amount,
                 .text = std::move(text)});
  }

  BlockReader reader_;
  Header header_;
  ArrivalTime start_;
  std::uint64_t at_;
  std::string place_;
  DamageLog& damage_;
  Flow flow_;
  Unwrapper<std::uint32_t> unwrap_;    // milliseconds wrap after 49.7 days
  std::optional<std::int64_t> cycle_;  // what the unwrapper puts below the first value
  std::uint32_t last_ms_ = 0;
  std::uint64_t records_ = 0;
  bool finished_ = false;
};

Result<std::optional<Record>> RtpDumpSource::next() {
  while (true) {
    GREFFE_TRY(const Bytes head, reader_.view(at_, ProbeBytes));
    if (head.empty()) {
      finish();
      return std::nullopt;
    }
    if (head.size() < RecordHeaderBytes) {
      add_damage("record-cut", "bytes", at_, head.size(),
                 fmt::format("byte {}: the file ends inside a record", at_));
      at_ = reader_.size();
      continue;
    }
    GREFFE_TRY(const bool believable, is_believable(head));
    if (!believable) {
      GREFFE_CHECK(resynchronise());
      continue;
    }
    const std::uint64_t start = at_;
    const std::size_t length = RecordHead(head).length;
    GREFFE_TRY(const Bytes bytes, reader_.view(start, length));
    at_ = start + bytes.size();
    if (bytes.size() < length) {
      add_damage("record-cut", "bytes", start, bytes.size(),
                 fmt::format("byte {}: the file ends inside a record of {} bytes", start, length));
      continue;
    }
    if (const std::optional<Record> record = make_record(bytes, start)) return record;
  }
}

// Whether the record at at_, to which the one before led, is taken. Two lengths that say the same confirm
// each other. RTCP, and packets that the recorder says it cut, have one only: it must lead to another record
// or to the end of the file, else it is wrong.
Result<bool> RtpDumpSource::is_believable(Bytes bytes) {
  const RecordHead head(bytes);
  if (!head.lengths_agree()) return false;
  if (head.packet_length != 0 && !head.is_cut()) return true;
  const std::uint64_t length = head.length;
  if (length > reader_.size() - at_) {
    GREFFE_TRY(const std::uint64_t inside, find_record(at_ + 1));
    return inside == reader_.size();
  }
  GREFFE_TRY(const Bytes behind, reader_.view(at_ + length, ProbeBytes));
  if (behind.size() < ProbeBytes) return true;
  const RecordHead next(behind);
  const bool last =
      looks_like_record(behind) && !next.is_cut() && next.length > reader_.size() - at_ - length;
  return last ? Result<bool>(true) : begins_chain(reader_, at_ + length);
}

std::optional<Record> RtpDumpSource::make_record(Bytes bytes, std::uint64_t position) {
  const RecordHead head(bytes);
  last_ms_ = head.offset_ms;
  const std::int64_t ms = unwrap_(head.offset_ms);
  if (!cycle_) cycle_ = ms - head.offset_ms;
  Record record{.arrival = start_ + std::chrono::milliseconds(ms - *cycle_),
                .bytes = bytes.subspan(RecordHeaderBytes),
                .cut = head.packet_length != 0 && head.is_cut(),
                .position = position};
  const PacketClass packet_class = classify(record.bytes);
  record.kind = packet_class == PacketClass::Rtcp ? RecordKind::Rtcp : RecordKind::Rtp;
  const bool wanted =
      packet_class == PacketClass::Rtcp || (packet_class == PacketClass::Rtp && head.packet_length != 0);
  if (!wanted) {
    add_damage("not-rtp", "packets", position, 1,
               fmt::format("byte {}: {}", position, describe(packet_class)));
    return std::nullopt;
  }
  ++records_;
  return record;
}

// Goes to the next place where a record begins that leads to another.
Status RtpDumpSource::resynchronise() {
  const std::uint64_t start = at_;
  GREFFE_TRY(at_, find_record(start + 1));
  add_damage("noise", "bytes", start, at_ - start, fmt::format("byte {}: no record begins here", start));
  return {};
}

Result<std::uint64_t> RtpDumpSource::find_record(std::uint64_t from) {
  for (std::uint64_t offset = reader_.skip_hole(from); offset < reader_.size();) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "interrupted");
    GREFFE_TRY(const Bytes bytes, reader_.view(offset, SearchBytes));
    if (bytes.size() < ProbeBytes) break;
    std::size_t place = 0;
    const auto may_begin = [&](std::size_t at) {
      return looks_like_record(bytes.subspan(at, ProbeBytes)) &&
             std::abs(wrapped_distance(last_ms_, RecordHead(bytes.subspan(at)).offset_ms)) <= LargestJump_ms;
    };
    while (place + ProbeBytes <= bytes.size() && !may_begin(place)) ++place;
    if (place + ProbeBytes > bytes.size()) {
      offset = reader_.skip_hole(offset + place);
      continue;
    }
    offset += place;
    GREFFE_TRY(const bool found, begins_chain(reader_, offset));
    if (found) return offset;
    ++offset;
  }
  return reader_.size();
}

void RtpDumpSource::finish() {
  if (std::exchange(finished_, true)) return;
  reader_.report_change(place_, damage_);
  if (records_ > 0) return;
  damage_.add({.condition = "no-media", .place = place_, .text = "no media: the recording holds no packet"});
}

// Where the records begin: whichever header size makes a record of what follows. Without any record, the
// zeros of the long form decide.
Result<std::size_t> find_header_size(BlockReader& reader, std::uint64_t start) {
  for (const std::size_t size : {ShortHeaderBytes, LongHeaderBytes}) {
    GREFFE_TRY(const bool found, begins_chain(reader, start + size));
    if (found) return size;
  }
  for (const std::size_t size : {ShortHeaderBytes, LongHeaderBytes}) {
    GREFFE_TRY(const Bytes head, reader.view(start + size, ProbeBytes));
    if (looks_like_record(head)) return size;
  }
  GREFFE_TRY(const Bytes bytes, reader.view(start, LongHeaderBytes));
  ByteReader halves(bytes);
  halves.skip(4);
  const std::uint32_t behind_seconds = halves.u32();
  halves.skip(4);
  const std::uint32_t behind_microseconds = halves.u32();
  const bool is_long = bytes.size() == LongHeaderBytes && behind_seconds == 0 && behind_microseconds == 0;
  return is_long ? LongHeaderBytes : ShortHeaderBytes;
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_rtpdump(BlockReader reader, std::string_view place,
                                                   DamageLog& damage) {
  GREFFE_TRY(const Bytes first, reader.view(0, LongestLine));
  const std::string_view text(reinterpret_cast<const char*>(first.data()), first.size());
  const std::size_t line = text.find('\n');
  if (line == std::string_view::npos)
    return fail(ErrorKind::Damaged, "byte 0: a line \"#!rtpplay1.0 ADDRESS/PORT\" expected, it does not end");
  GREFFE_TRY(const std::size_t header_bytes, find_header_size(reader, line + 1));
  GREFFE_TRY(const Bytes bytes, reader.view(line + 1, header_bytes));
  if (bytes.size() < header_bytes)
    return fail(ErrorKind::Damaged, "byte {}: a header of {} bytes expected, the file ends after {}",
                line + 1, header_bytes, bytes.size());
  ByteReader fields(bytes);
  const std::uint32_t seconds = fields.u32();
  if (header_bytes == LongHeaderBytes) fields.skip(4);
  const std::uint32_t microseconds = fields.u32();

  Header header{.format = Format::RtpDump, .grain = std::chrono::milliseconds(1)};
  header.wall_clock = is_plausible_wall_clock(seconds) && microseconds < 1'000'000;
  ArrivalTime start{};
  if (header.wall_clock) start += std::chrono::seconds(seconds) + std::chrono::microseconds(microseconds);
  return std::make_unique<RtpDumpSource>(std::move(reader), std::move(header), start, line + 1 + header_bytes,
                                         place, damage);
}

}  // namespace greffe::dump
