#include "dump/mjr.h"

#include <cstring>

#include "base/log.h"
#include "base/progress.h"
#include "dump/mjr_header.h"
#include "dump/packet_class.h"

namespace greffe::dump {

namespace {

// Version 2:            "MEET"  u32 ms since the first record  u16 length  packet
// Version 1 and legacy: "MEETECHO"                             u16 length  packet
constexpr std::size_t RecordHeaderBytes = 10;
constexpr std::size_t LengthPlace = 8;
constexpr std::size_t HeaderProbeBytes = 15;  // enough to know a file header, and more than a record header
constexpr std::size_t RtpHeaderBytes = 12;
constexpr std::size_t DataStampBytes = 8;

class MjrSource final : public RecordSource {
 public:
  MjrSource(BlockReader reader, MjrHeader header, std::string_view place, DamageLog& damage)
      : reader_(std::move(reader)),
        place_(place),
        damage_(damage),
        first_(header),
        current_(std::move(header)) {
    at_ = current_.bytes;
  }

  const Header& header() const override { return first_.header; }
  const Flow& flow(std::uint32_t) const override { return flow_; }
  std::uint64_t position() const override { return at_; }
  std::uint64_t size() const override { return reader_.size(); }
  Result<std::optional<Record>> next() override;

 private:
  bool is_data() const { return current_.header.media == 'd'; }
  std::string_view magic() const { return current_.version == MjrVersion::Two ? "MEET" : "MEETECHO"; }
  bool begins_record(Bytes bytes) const;
  bool begins_plausible_record(Bytes bytes) const;
  Result<bool> begins_chained_record(std::uint64_t offset);

  Result<std::optional<Record>> take_record();
  Result<std::optional<std::uint64_t>> find_record_inside(std::uint64_t from, std::uint64_t to);
  std::optional<Record> make_record(Bytes header, Bytes packet, std::uint64_t position);
  Status enter_recording();
  Status resynchronise(std::uint64_t from);
  Result<std::uint64_t> find_item(std::uint64_t from);
  void finish();
  void add_damage(std::string_view condition, std::uint64_t position, std::uint64_t bytes, std::string text) {
    damage_.add({.condition = condition,
                 .place = place_,
                 .unit = "bytes",
                 .position = static_cast<std::int64_t>(position),
                 .amount = bytes,
                 .text = std::move(text)});
  }

  BlockReader reader_;
  std::string place_;
  DamageLog& damage_;
  MjrHeader first_;    // what the dump says about itself
  MjrHeader current_;  // of the recording we are in: another one where files were joined (R57)
  Flow flow_;
  std::uint64_t at_ = 0;
  Unwrapper<std::uint32_t> unwrap_;  // milliseconds wrap after 49.7 days
  std::optional<std::int64_t> first_ms_;
  bool restarts_ = false;
  bool other_track_ = false;  // the recording we are in is not of the first one's codec
  std::uint64_t records_ = 0;
  bool finished_ = false;
};

std::uint16_t length_of(Bytes record_header) { return ByteReader(record_header.subspan(LengthPlace)).u16(); }

bool MjrSource::begins_record(Bytes bytes) const {
  return bytes.size() >= magic().size() && std::memcmp(bytes.data(), magic().data(), magic().size()) == 0;
}

// More than the magic: what follows can be a packet. For places that no record before led to.
bool MjrSource::begins_plausible_record(Bytes bytes) const {
  if (!begins_record(bytes) || bytes.size() <= RecordHeaderBytes) return false;
  const std::uint16_t length = length_of(bytes);
  if (is_data()) return length >= DataStampBytes;
  const std::uint8_t version = bytes[RecordHeaderBytes] >> 6;
  return length >= RtpHeaderBytes && version == 2;
}

// A plausible record that ends where another begins, or with the file.
Result<bool> MjrSource::begins_chained_record(std::uint64_t offset) {
  GREFFE_TRY(const Bytes head, reader_.view(offset, HeaderProbeBytes));
  if (!begins_plausible_record(head)) return false;
  const std::size_t length = RecordHeaderBytes + length_of(head);
  GREFFE_TRY(const Bytes bytes, reader_.view(offset, length + HeaderProbeBytes));
  if (bytes.size() < length) return false;
  const Bytes behind = bytes.subspan(length);
  return behind.empty() || begins_record(behind) || is_mjr_header(behind);
}

Result<std::optional<Record>> MjrSource::next() {
  while (true) {
    GREFFE_TRY(const Bytes head, reader_.view(at_, HeaderProbeBytes));
    if (head.empty()) {
      finish();
      return std::nullopt;
    }
    if (is_mjr_header(head)) {
      GREFFE_CHECK(enter_recording());
    } else if (begins_record(head)) {
      GREFFE_TRY(const std::optional<Record> record, take_record());
      if (record) return record;
    } else {
      GREFFE_CHECK(resynchronise(at_));
    }
  }
}

// Reads the record at at_ and goes behind it. Gives nothing when it is cut, bad or no packet.
Result<std::optional<Record>> MjrSource::take_record() {
  const std::uint64_t start = at_;
  GREFFE_TRY(const Bytes head, reader_.view(start, RecordHeaderBytes));
  const std::size_t length = head.size() < RecordHeaderBytes ? 0 : length_of(head);
  GREFFE_TRY(Bytes bytes, reader_.view(start, RecordHeaderBytes + length + HeaderProbeBytes));
  const bool cut = bytes.size() < RecordHeaderBytes + length;
  const Bytes behind = cut ? Bytes{} : bytes.subspan(RecordHeaderBytes + length);
  const bool chained = !cut && (behind.empty() || begins_record(behind) || is_mjr_header(behind));
  if (!chained) {
    // Either the length is wrong, and whole records lie inside it, or what follows is noise, or the file
    // ends.
    const std::uint64_t end = start + std::min(bytes.size(), RecordHeaderBytes + length);
    GREFFE_TRY(const auto inside, find_record_inside(start + 1, end));
    if (inside) {
      add_damage(
          "bad-record-length", start, *inside - start,
          fmt::format("byte {}: the record says {} bytes, but another begins inside it", start, length));
      at_ = *inside;
      return std::nullopt;
    }
    if (cut) {
      add_damage("record-cut", start, end - start,
                 fmt::format("byte {}: the file ends inside a record of {} bytes", start, length));
      at_ = reader_.size();
      return std::nullopt;
    }
    GREFFE_TRY(bytes, reader_.view(start, RecordHeaderBytes + length));
  }
  at_ = start + RecordHeaderBytes + length;
  return make_record(bytes.first(RecordHeaderBytes), bytes.subspan(RecordHeaderBytes, length), start);
}

Result<std::optional<std::uint64_t>> MjrSource::find_record_inside(std::uint64_t from, std::uint64_t to) {
  for (std::uint64_t offset = from; offset < to; ++offset) {
    GREFFE_TRY(const Bytes bytes, reader_.view(offset, static_cast<std::size_t>(to - offset)));
    const std::string_view text(reinterpret_cast<const char*>(bytes.data()), bytes.size());
    const std::size_t found = text.find(magic());
    if (found == std::string_view::npos) break;
    offset += found;
    GREFFE_TRY(const bool chained, begins_chained_record(offset));
    if (chained) return offset;
  }
  return std::nullopt;
}

std::optional<Record> MjrSource::make_record(Bytes header, Bytes packet, std::uint64_t position) {
  if (other_track_) {
    add_damage("other-track", position, packet.size(),
               "a recording of another codec is joined behind the first");
    return std::nullopt;
  }
  Record record{.arrival = current_.start, .bytes = packet, .position = position};
  if (current_.version == MjrVersion::Two) {
    const std::int64_t ms = unwrap_(ByteReader(header.subspan(4)).u32());
    if (!first_ms_) first_ms_ = ms - ByteReader(header.subspan(4)).u32();
    record.arrival += std::chrono::milliseconds(ms - *first_ms_);
  }
  const PacketClass packet_class = is_data() ? PacketClass::Unknown : classify(packet);
  if (is_data() && packet.size() >= DataStampBytes) {
    record.kind = RecordKind::Data;
  } else if (packet_class == PacketClass::Rtcp) {
    record.kind = RecordKind::Rtcp;
  } else if (packet_class != PacketClass::Rtp) {
    damage_.add({.condition = "not-rtp",
                 .place = place_,
                 .unit = "packets",
                 .position = static_cast<std::int64_t>(position),
                 .text = fmt::format("byte {}: {}", position, describe(packet_class))});
    return std::nullopt;
  }
  record.restarts = std::exchange(restarts_, false);
  ++records_;
  return record;
}

// Goes behind the file header at at_: recordings joined into one file (R57).
Status MjrSource::enter_recording() {
  const std::uint64_t start = at_;
  auto header = read_mjr_header(reader_, start, place_, damage_);
  if (!header) {
    if (header.error().kind() != ErrorKind::Damaged) return tl::unexpected(header.error());
    add_damage("bad-header", start, 0, header.error().message());
    return resynchronise(start + 1);
  }
  const bool clockless = first_.header.wall_clock != header->header.wall_clock;
  if (clockless) header->start = first_.start;
  log::info("{}: another recording begins at byte {}", place_, start);
  current_ = std::move(*header);
  other_track_ = current_.header.media != first_.header.media || current_.header.codec != first_.header.codec;
  at_ = start + current_.bytes;
  unwrap_.reset();
  first_ms_.reset();
  restarts_ = records_ > 0;
  return {};
}

// Goes to the next plausible record or file header, at or after `from`.
Status MjrSource::resynchronise(std::uint64_t from) {
  const std::uint64_t start = at_;
  GREFFE_TRY(at_, find_item(from));
  add_damage("noise", start, at_ - start, fmt::format("byte {}: no record begins here", start));
  return {};
}

Result<std::uint64_t> MjrSource::find_item(std::uint64_t from) {
  for (std::uint64_t offset = reader_.skip_hole(from); offset < reader_.size();) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "interrupted");
    GREFFE_TRY(const Bytes bytes, reader_.view(offset, SearchBytes));
    const void* found = bytes.empty() ? nullptr : std::memchr(bytes.data(), 'M', bytes.size());
    if (!found) {
      offset = reader_.skip_hole(offset + std::max<std::size_t>(bytes.size(), 1));
      continue;
    }
    offset += static_cast<std::size_t>(static_cast<const std::uint8_t*>(found) - bytes.data());
    GREFFE_TRY(const Bytes item, reader_.view(offset, HeaderProbeBytes));
    if (is_mjr_header(item) || begins_plausible_record(item)) return offset;
    ++offset;
  }
  return reader_.size();
}

void MjrSource::finish() {
  if (std::exchange(finished_, true)) return;
  reader_.report_change(place_, damage_);
  if (records_ > 0) return;
  damage_.add({.condition = "no-media", .place = place_, .text = "no media: the recording holds no packet"});
}

}  // namespace

Result<std::unique_ptr<RecordSource>> open_mjr(BlockReader reader, std::string_view place,
                                               DamageLog& damage) {
  GREFFE_TRY(MjrHeader header, read_mjr_header(reader, 0, place, damage));
  return std::make_unique<MjrSource>(std::move(reader), std::move(header), place, damage);
}

}  // namespace greffe::dump
