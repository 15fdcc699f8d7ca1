#include "dump/frame_index.h"

#include <random>

#include "capture_bytes.h"

namespace greffe::dump::test {
namespace {

constexpr std::uint32_t Streams[] = {0x11111111, 0x22222222, 0x33333333};

// A capture of three streams on two flows with whatever may lie between their packets.
class Writer {
 public:
  Writer(unsigned seed, bool ng)
      : random_(seed), ng_(ng), bytes_(ng ? section() + interface() : pcap_header()) {}

  std::string write(int frames) {
    for (int n = 0; n < frames; ++n) add();
    return bytes_;
  }

 private:
  unsigned up_to(unsigned most) { return std::uniform_int_distribution<unsigned>(0, most)(random_); }

  void frame(const std::string& body) {
    ms_ += up_to(30);
    bytes_ += ng_ ? enhanced(ethernet(body), (CaptureStart_s * 1000 + ms_) * 1000, of_interface_)
                  : pcap_record(ethernet(body), ms_);
  }
  void media() {
    const unsigned stream = up_to(2);
    const auto port = static_cast<std::uint16_t>(stream == 2 ? 6000 : 4000);
    const std::string packet = rtp_packet(sequence_[stream]++, Streams[stream], up_to(900));
    frame(ipv4(udp(packet, port)));
  }
  void fragments() {
    const std::string datagram = udp(rtp_packet(sequence_[0]++, Streams[0], 2500));
    const auto id = static_cast<std::uint16_t>(ms_);
    frame(ipv4(datagram.substr(0, 1480), 0x2000, id));
    if (up_to(1)) media();
    if (up_to(5)) frame(ipv4(datagram.substr(1480), 1480 / 8, id));
  }
  void between() {
    if (!ng_) return;
    bytes_ += interface(1, "", false, 65535);
    if (up_to(1)) ++of_interface_;
  }
  void add() {
    switch (up_to(24)) {
      case 0: return frame(ipv4(udp(rtcp_packet(Streams[up_to(2)]))));
      case 1: return frame(ipv4(udp(std::string(up_to(300), '\x01'), 53, 53)));
      case 2: return fragments();
      case 3: return between();
      case 4:
        if (up_to(7) == 0) bytes_ += std::string(up_to(40'000), static_cast<char>(up_to(255)));
        return;
      default: return media();
    }
  }

  std::mt19937 random_;
  bool ng_;
  std::string bytes_;
  std::uint64_t ms_ = 0;
  std::uint32_t of_interface_ = 0;
  std::uint16_t sequence_[3] = {65500, 0, 900};
};

struct Told {
  std::string condition;
  std::uint64_t count, amount;
  auto operator<=>(const Told&) const = default;
};
std::vector<Told> told(const DamageLog& log) {
  std::vector<Told> all;
  for (const Damage& damage : log.entries())
    all.push_back({std::string(damage.condition), log.count(damage.condition), damage.amount});
  std::sort(all.begin(), all.end());
  return all;
}

TEST(FrameIndex, OneStreamIsTheSameReadAloneOrWithAllOthers) {
  for (unsigned seed = 1; seed <= 40; ++seed) {
    SCOPED_TRACE(seed);
    const greffe::test::TemporaryFolder folder;
    const Path path = folder.path() / "dump";
    std::string bytes = Writer(seed, seed % 2 == 0).write(600);
    if (seed % 3 == 0) bytes.resize(bytes.size() - 11);
    greffe::test::write_file(path, bytes);
    const ReadDump whole = read_dump_file(path);
    ASSERT_GT(whole.records.size(), 300u);
    for (const std::uint32_t ssrc : Streams) {
      const ReadDump alone = read_dump_file(path, {.ssrc = Ssrc{ssrc}});
      std::size_t at = 0;
      for (const ReadRecord& record : whole.records) {
        const std::size_t place = record.kind == RecordKind::Rtp ? 8 : 4;
        if (record.bytes.substr(place, 4) != be(ssrc, 4)) continue;
        ASSERT_LT(at, alone.records.size());
        EXPECT_EQ(alone.records[at].position, record.position);
        EXPECT_EQ(alone.records[at].bytes, record.bytes);
        EXPECT_EQ(alone.records[at].arrival_ns, record.arrival_ns);
        EXPECT_EQ(alone.records[at].flow, record.flow);
        ++at;
      }
      EXPECT_EQ(at, alone.records.size());
      EXPECT_EQ(told(alone.damage), told(whole.damage));
    }
  }
}

TEST(FrameIndex, PacketsWithoutATimeKeepThatOfTheFrameBefore) {
  std::string bytes = section() + interface();
  for (std::uint16_t n = 0; n < 20; ++n) {
    bytes += enhanced(ethernet(ipv4(udp(rtp_packet(n, Streams[0])))), (CaptureStart_s * 1000 + n) * 1000);
    const std::string frame = ethernet(ipv4(udp(rtp_packet(n, Streams[1]))));
    bytes += block(3, le(frame.size(), 4) + frame);
  }
  const ReadDump read = read_dump(bytes, {.ssrc = Ssrc{Streams[1]}});
  ASSERT_EQ(read.sequences(), numbers(0, 19));
  for (std::size_t n = 0; n < 20; ++n)
    EXPECT_EQ(read.records[n].arrival_ns, static_cast<std::int64_t>((CaptureStart_s * 1000 + n) * 1'000'000));
}

TEST(FrameIndex, ReadsInFullWhatHasMoreSendersThanItNumbers) {
  std::vector<std::string> frames;
  for (std::uint32_t n = 0; n < 9000; ++n)
    frames.push_back(ethernet(ipv4(udp(rtp_packet(static_cast<std::uint16_t>(n), 0x10000 + n, 1)))));
  for (const std::string& frame : rtp_frames(0, 9)) frames.push_back(frame);
  const ReadDump read = read_dump(pcap(frames), {.ssrc = Ssrc{0x11223344}});
  EXPECT_EQ(read.sequences(), numbers(0, 9));
  EXPECT_EQ(read_dump(pcap(frames), {.ssrc = Ssrc{0x10000 + 8999}}).records.size(), 1u);
}

}  // namespace
}  // namespace greffe::dump::test
