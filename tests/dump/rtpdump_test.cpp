#include "dump/rtpdump.h"

#include <gmock/gmock.h>

#include <fstream>

#include "dump_bytes.h"

namespace greffe::dump::test {
namespace {

using ::testing::HasSubstr;

constexpr std::uint32_t Start_s = 1'795'175'930;
constexpr std::uint32_t Start_us = 566'395;
const std::string Line = "#!rtpplay1.0 10.0.0.1/5004\n";
const std::string Address = be(0x0A000001, 4) + be(5004, 2) + be(0, 2);
const std::string ShortHeader = Line + be(Start_s, 4) + be(Start_us, 4) + Address;
const std::string LongHeader = Line + be(Start_s, 4) + be(0, 4) + be(Start_us, 4) + be(0, 4) + Address;

std::string record(const std::string& packet, std::uint32_t ms) {
  return be(packet.size() + 8, 2) + be(packet.size(), 2) + be(ms, 4) + packet;
}
std::string rtcp_record(const std::string& packet, std::uint32_t ms) {
  return be(packet.size() + 8, 2) + be(0, 2) + be(ms, 4) + packet;
}
std::string records(int first, int last) {
  std::string text;
  for (int n = first; n <= last; ++n)
    text += record(rtp_packet(static_cast<std::uint16_t>(n)), static_cast<std::uint32_t>(20 * n));
  return text;
}
const std::size_t RecordBytes = record(rtp_packet(0), 0).size();

TEST(RtpDump, ReadsHeadersOf16And24Bytes) {
  for (const std::string& header : {ShortHeader, LongHeader}) {
    const ReadDump read = read_dump(header + records(0, 4));
    EXPECT_EQ(read.error, "");
    EXPECT_TRUE(read.damage.empty());
    EXPECT_EQ(read.header.format, Format::RtpDump);
    EXPECT_TRUE(read.header.wall_clock);
    EXPECT_EQ(read.sequences(), numbers(0, 4));
    EXPECT_EQ(read.records.at(3).arrival_ns,
              (Start_s * std::int64_t{1'000'000} + Start_us) * 1000 + 60'000'000);
    EXPECT_EQ(read.records.at(3).bytes, rtp_packet(3));
    EXPECT_EQ(read.records.at(3).position, header.size() + 3 * RecordBytes);
  }
}

TEST(RtpDump, TellsTheHeaderSizeFromOneRecordToo) {
  for (const std::string& header : {ShortHeader, LongHeader})
    EXPECT_EQ(read_dump(header + records(9, 9)).sequences(), numbers(9, 9));
}

TEST(RtpDump, GivesRtcp) {
  const ReadDump read =
      read_dump(ShortHeader + records(0, 1) + rtcp_record(rtcp_packet(), 30) + records(2, 3));
  EXPECT_TRUE(read.damage.empty());
  ASSERT_EQ(read.records.size(), 5u);
  EXPECT_EQ(read.records[2].kind, RecordKind::Rtcp);
  EXPECT_EQ(read.records[2].bytes, rtcp_packet());
}

TEST(RtpDump, EveryPrefixGivesTheWholeRecordsBeforeTheCut) {
  for (const std::string& header : {ShortHeader, LongHeader}) {
    const std::string whole = header + records(0, 4);
    for (std::size_t length = 0; length <= whole.size(); ++length) {
      const ReadDump read = read_dump(whole.substr(0, length));
      SCOPED_TRACE(length);
      if (length < header.size()) {
        // A long header cut to 16 bytes cannot be told from a short one without records.
        EXPECT_TRUE(read.error != "" || read.damage.count("no-media") == 1);
        EXPECT_TRUE(read.records.empty());
        continue;
      }
      const std::size_t complete = (length - header.size()) / RecordBytes;
      const bool cut = (length - header.size()) % RecordBytes != 0;
      EXPECT_EQ(read.error, "");
      EXPECT_EQ(read.records.size(), complete);
      EXPECT_EQ(read.damage.count("record-cut"), cut ? 1u : 0u);
      EXPECT_EQ(read.damage.count("noise"), 0u);
      EXPECT_EQ(read.damage.count("no-media"), complete == 0 ? 1u : 0u);
    }
  }
}

TEST(RtpDump, R51_RefusesAFirstLineThatDoesNotEnd) {
  EXPECT_THAT(read_dump("#!rtpplay1.0 10.0.0.1/50").error, HasSubstr("byte 0: a line"));
  EXPECT_THAT(read_dump("#!rtpplay1.0 " + std::string(1000, 'x')).error, HasSubstr("does not end"));
  EXPECT_THAT(read_dump(Line + "12345").error, HasSubstr("byte 27: a header of 16 bytes expected"));
}

TEST(RtpDump, R53_ResynchronisesAfterNoise) {
  for (const char filler : {'\0', '\x80', 'x', '\xFF'}) {
    const ReadDump read = read_dump(ShortHeader + records(0, 9) + std::string(777, filler) + records(10, 19));
    EXPECT_EQ(read.damage.count("noise"), 1u);
    EXPECT_EQ(read.sequences(), numbers(0, 19));
  }
}

TEST(RtpDump, R53_LosesOnlyTheRecordWhoseLengthIsBad) {
  for (const std::uint64_t length : {0u, 7u, 8u, 20u, 39u, 41u, 100u, 1000u, 65535u}) {
    std::string bytes = ShortHeader + records(0, 49);
    bytes.replace(ShortHeader.size() + 20 * RecordBytes, 2, be(length, 2));
    const ReadDump read = read_dump(bytes);
    EXPECT_EQ(read.records.size(), 49u) << length;
    EXPECT_EQ(read.damage.count("noise"), 1u) << length;
  }
}

TEST(RtpDump, R54_MarksPacketsThatTheRecorderCut) {
  const std::string packet = rtp_packet(1);
  const std::string snapped = be(8 + 16, 2) + be(packet.size(), 2) + be(0, 4) + packet.substr(0, 16);
  const ReadDump read = read_dump(ShortHeader + snapped + records(2, 3));
  EXPECT_TRUE(read.damage.empty());
  EXPECT_EQ(read.sequences(), numbers(1, 3));
  EXPECT_TRUE(read.records[0].cut);
  EXPECT_FALSE(read.records[1].cut);
}

TEST(RtpDump, R14_DropsAndCountsWhatIsNoRtp) {
  std::string vat = rtp_packet(1);
  vat[0] = 0;
  const ReadDump read =
      read_dump(ShortHeader + records(0, 1) + record(vat, 5) + records(2, 3) + rtcp_record(rtp_packet(5), 6) +
                records(4, 5) + record("", 7) + records(6, 7));
  EXPECT_EQ(read.sequences(), numbers(0, 7));
  EXPECT_EQ(read.damage.count("not-rtp"), 3u);
}

TEST(RtpDump, R60_OffsetsWrapAfter49Days) {
  const ReadDump read =
      read_dump(ShortHeader + record(rtp_packet(1), 0xFFFFFFF6) + record(rtp_packet(2), 10));
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.records[1].arrival_ns - read.records[0].arrival_ns, 20'000'000);
}

TEST(RtpDump, R61_SaysWhenThereIsNoWallClock) {
  for (const auto& [seconds, microseconds] :
       {std::pair{0u, 5u}, {0xFFFFFFFFu, 0u}, {Start_s, 3'000'000'000u}}) {
    const ReadDump read = read_dump(Line + be(seconds, 4) + be(microseconds, 4) + Address + records(0, 3));
    EXPECT_FALSE(read.header.wall_clock);
    EXPECT_EQ(read.records.at(3).arrival_ns, 60'000'000);
  }
}

TEST(RtpDump, R75_PassesAHoleAboveFourGigabytes) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "sparse.rtpdump";
  {
    std::ofstream file(path, std::ios::binary);
    file << ShortHeader << records(0, 1);
    file.seekp(std::int64_t{5} << 30);
    file << records(2, 3);
  }
  const ReadDump read = read_dump_file(path);
  EXPECT_EQ(read.sequences(), numbers(0, 3));
  EXPECT_EQ(read.damage.count("noise"), 1u);
}

}  // namespace
}  // namespace greffe::dump::test
