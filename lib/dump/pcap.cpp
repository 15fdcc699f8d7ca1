// Classic pcap, through libpcap: it knows both byte orders, microseconds and nanoseconds, and the odd
// dialects.
#include <pcap/pcap.h>

#include <cstdio>
#include <cstring>

#include "base/progress.h"
#include "dump/capture_file.h"

namespace greffe::dump {

namespace {

// File header of 24 bytes; records: u32 seconds, u32 fraction, u32 bytes kept, u32 bytes on the wire; the
// frame.
constexpr std::size_t FileHeaderBytes = 24;
constexpr std::size_t RecordHeaderBytes = 16;
constexpr std::uint32_t LargestFrame = 100'000;  // that a search believes
constexpr std::int64_t LargestJump_s = 24 * 3600;
constexpr std::size_t StdioBytes = 4 << 10;  // filled anew where frames are skipped

// Lets libpcap read through our block reader: its bytes end where the file ended at opening.
struct Cookie {
  BlockReader& reader;
  std::uint64_t at = 0;
  std::optional<Error> failure;
};

ssize_t read_cookie(void* pointer, char* buffer, std::size_t size) {
  Cookie& cookie = *static_cast<Cookie*>(pointer);
  const auto bytes = cookie.reader.view(cookie.at, std::min(size, BlockReader::LargestView));
  if (!bytes) {
    cookie.failure = bytes.error();
    errno = EIO;
    return -1;
  }
  if (!bytes->empty()) std::memcpy(buffer, bytes->data(), bytes->size());
  cookie.at += bytes->size();
  return static_cast<ssize_t>(bytes->size());
}

int seek_cookie(void* pointer, off64_t* offset, int whence) {
  Cookie& cookie = *static_cast<Cookie*>(pointer);
  if (whence == SEEK_END) return -1;
  cookie.at = static_cast<std::uint64_t>(*offset) + (whence == SEEK_CUR ? cookie.at : 0);
  *offset = static_cast<off64_t>(cookie.at);
  return 0;
}

class PcapFile final : public CaptureFile {
 public:
  PcapFile(BlockReader& reader, std::string_view place, DamageLog& damage)
      : reader_(reader), place_(place), damage_(damage), cookie_{reader} {}

  Status open();
  Result<std::optional<CapturedFrame>> next() override;
  Status go_to(std::uint64_t position) override;
  Duration grain() const override { return nanoseconds_ ? Duration(1) : Duration(1000); }
  std::uint64_t position() const override { return at_; }

 private:
  struct Close {
    void operator()(pcap_t* pcap) const { pcap_close(pcap); }  // closes the FILE too
  };
  struct RecordHead {
    std::uint32_t seconds, fraction, kept, wire;
  };

  bool is_plausible(const RecordHead& head) const;
  RecordHead head_of(Bytes bytes) const;
  Result<bool> begins_chain(std::uint64_t offset);
  Result<std::uint64_t> find_record(std::uint64_t from);
  Status resynchronise();

  BlockReader& reader_;
  std::string place_;
  DamageLog& damage_;
  Cookie cookie_;
  std::unique_ptr<pcap_t, Close> pcap_;
  bool swapped_ = false;  // numbers are little-endian
  bool nanoseconds_ = false;
  std::uint64_t at_ = FileHeaderBytes;
  std::int64_t last_s_ = -1;
  std::optional<std::uint64_t> head_bytes_;  // of a record
  std::uint32_t snapshot_ = 0;               // the most that the file says it keeps of a frame
};

Status PcapFile::open() {
  GREFFE_TRY(const Bytes header, reader_.view(0, FileHeaderBytes));
  if (header.size() < FileHeaderBytes)
    return fail(ErrorKind::Damaged, "byte 0: a pcap header of {} bytes expected, the file ends after {}",
                FileHeaderBytes, header.size());
  swapped_ = header[0] != 0xA1;
  nanoseconds_ = (swapped_ ? header[0] : header[3]) == 0x4D;
  std::FILE* file = ::fopencookie(&cookie_, "r", {.read = read_cookie, .seek = seek_cookie});
  if (!file) return fail_errno("pcap");
  std::setvbuf(file, nullptr, _IOFBF, StdioBytes);
  std::array<char, PCAP_ERRBUF_SIZE> why{};
  pcap_.reset(pcap_fopen_offline_with_tstamp_precision(file, PCAP_TSTAMP_PRECISION_NANO, why.data()));
  if (pcap_) {
    snapshot_ = static_cast<std::uint32_t>(pcap_snapshot(pcap_.get()));
    return {};
  }
  std::fclose(file);
  return fail(ErrorKind::Damaged, "byte 0: {}", why.data());
}

Result<std::optional<CapturedFrame>> PcapFile::next() {
  while (at_ < reader_.size()) {
    const std::uint64_t start = at_;
    pcap_pkthdr* header = nullptr;
    const u_char* bytes = nullptr;
    const int got = pcap_next_ex(pcap_.get(), &header, &bytes);
    if (cookie_.failure) return tl::unexpected(*cookie_.failure);
    const bool whole =
        got == 1 && header->caplen > 0 && header->caplen <= header->len && header->ts.tv_usec < 1'000'000'000;
    if (!whole) {
      GREFFE_CHECK(resynchronise());
      continue;
    }
    // Some dialects have longer heads, and of frames longer than the file says that it keeps the rest is
    // passed over. To ask each time takes a tenth of the time of reading.
    const bool may_be_longer = header->caplen >= snapshot_;
    if (!head_bytes_ || may_be_longer) {
      at_ = static_cast<std::uint64_t>(::ftello(pcap_file(pcap_.get())));
      if (!may_be_longer) head_bytes_ = at_ - start - header->caplen;
    } else {
      at_ = start + *head_bytes_ + header->caplen;
    }
    // libpcap takes the 32 bits of the file for signed ones, which end in 2038.
    last_s_ = static_cast<std::uint32_t>(header->ts.tv_sec);
    return CapturedFrame{.link_type = pcap_datalink(pcap_.get()),
                         .arrival = ArrivalTime(std::chrono::seconds(last_s_) + Duration(header->ts.tv_usec)),
                         .bytes = Bytes(bytes, header->caplen),
                         .original_bytes = header->len,
                         .position = start};
  }
  return std::nullopt;
}

PcapFile::RecordHead PcapFile::head_of(Bytes bytes) const {
  ByteReader reader(bytes);
  const auto number = [&] { return swapped_ ? reader.u32_le() : reader.u32(); };
  RecordHead head{};
  head.seconds = number();
  head.fraction = number();
  head.kept = number();
  head.wire = number();
  return head;
}

bool PcapFile::is_plausible(const RecordHead& head) const {
  const bool near = last_s_ < 0 || std::abs(std::int64_t{head.seconds} - last_s_) <= LargestJump_s;
  return near && head.fraction < (nanoseconds_ ? 1'000'000'000u : 1'000'000u) && head.kept > 0 &&
         head.kept <= head.wire && head.wire <= LargestFrame;
}

Result<bool> PcapFile::begins_chain(std::uint64_t offset) {
  GREFFE_TRY(const Bytes head, reader_.view(offset, RecordHeaderBytes));
  // One view over the record and the head of the next: the buffer only ever moves forward.
  const std::size_t length = RecordHeaderBytes + head_of(head).kept;
  GREFFE_TRY(const Bytes bytes, reader_.view(offset, length + RecordHeaderBytes));
  if (bytes.size() < length) return false;
  const Bytes behind = bytes.subspan(length);
  return behind.size() < RecordHeaderBytes || is_plausible(head_of(behind));
}

Result<std::uint64_t> PcapFile::find_record(std::uint64_t from) {
  for (std::uint64_t offset = reader_.skip_hole(from); offset < reader_.size();) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "interrupted");
    GREFFE_TRY(const Bytes bytes, reader_.view(offset, SearchBytes));
    if (bytes.size() < RecordHeaderBytes) break;
    std::size_t place = 0;
    while (place + RecordHeaderBytes <= bytes.size() && !is_plausible(head_of(bytes.subspan(place)))) ++place;
    const bool none = place + RecordHeaderBytes > bytes.size();
    offset = none ? reader_.skip_hole(offset + place) : offset + place;
    if (none) continue;
    GREFFE_TRY(const bool found, begins_chain(offset));
    if (found) return offset;
    ++offset;
  }
  return reader_.size();
}

// The record at at_ could not be read: goes to the next that can be, and says what lies between.
Status PcapFile::resynchronise() {
  const std::uint64_t start = at_;
  GREFFE_TRY(const Bytes bytes, reader_.view(start, RecordHeaderBytes));
  const bool cut = bytes.size() < RecordHeaderBytes || is_plausible(head_of(bytes));
  GREFFE_TRY(at_, find_record(start + 1));
  const bool to_the_end = at_ == reader_.size();
  damage_.add(
      {.condition = cut && to_the_end ? "record-cut" : "noise",
       .place = place_,
       .unit = "bytes",
       .position = static_cast<std::int64_t>(start),
       .amount = at_ - start,
       .text = fmt::format("byte {}: {}", start,
                           cut && to_the_end ? "the file ends inside a record" : "no record begins here")});
  return to_the_end ? Status{} : go_to(at_);
}

Status PcapFile::go_to(std::uint64_t position) {
  if (::fseeko(pcap_file(pcap_.get()), static_cast<off_t>(position), SEEK_SET) != 0)
    return fail_errno("pcap: seek");
  at_ = position;
  return {};
}

}  // namespace

Result<std::unique_ptr<CaptureFile>> open_pcap(BlockReader& reader, std::string_view place,
                                               DamageLog& damage) {
  auto file = std::make_unique<PcapFile>(reader, place, damage);
  GREFFE_CHECK(file->open());
  return file;
}

}  // namespace greffe::dump
