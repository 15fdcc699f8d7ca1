#include "dump/mjr.h"

#include <gmock/gmock.h>

#include <fstream>

#include "dump/block_reader.h"
#include "dump_bytes.h"

namespace greffe::dump::test {
namespace {

using ::testing::HasSubstr;

constexpr std::int64_t FirstFrame_us = 1'795'175'705'394'413;
const std::string AudioJson =
    R"({"t":"a","c":"opus","x":{"1":"urn:ietf:params:rtp-hdrext:ssrc-audio-level"},"s":1795175705354183,"u":1795175705394413})";

std::string header(const std::string& json = AudioJson, char version = '2') {
  return std::string("MJR0000") + version + be(json.size(), 2) + json;
}
std::string record(const std::string& packet, std::uint32_t ms) {
  return "MEET" + be(ms, 4) + be(packet.size(), 2) + packet;
}
std::string record_v1(const std::string& packet) { return "MEETECHO" + be(packet.size(), 2) + packet; }
std::string records(int first, int last) {
  std::string text;
  for (int n = first; n <= last; ++n)
    text += record(rtp_packet(static_cast<std::uint16_t>(n)), static_cast<std::uint32_t>(20 * n));
  return text;
}

TEST(Mjr, ReadsVersionTwo) {
  const ReadDump read = read_dump(header() + records(0, 4));
  EXPECT_EQ(read.error, "");
  EXPECT_TRUE(read.damage.empty());
  EXPECT_EQ(read.header.format, Format::Mjr);
  EXPECT_EQ(read.header.codec, "opus");
  EXPECT_EQ(read.header.media, 'a');
  EXPECT_EQ(read.header.extmap.at(1), "urn:ietf:params:rtp-hdrext:ssrc-audio-level");
  EXPECT_TRUE(read.header.wall_clock);
  EXPECT_EQ(read.header.grain, std::chrono::milliseconds(1));
  EXPECT_EQ(read.sequences(), numbers(0, 4));
  EXPECT_EQ(read.records[3].arrival_ns, FirstFrame_us * 1000 + 60'000'000);
  EXPECT_EQ(read.records[3].bytes, rtp_packet(3));
  EXPECT_EQ(read.records[1].position, header().size() + 10 + rtp_packet(0).size());
}

TEST(Mjr, ReadsVersionOneWithoutArrivalTimes) {
  const ReadDump read =
      read_dump(header(AudioJson, '1') + record_v1(rtp_packet(1)) + record_v1(rtp_packet(2)));
  EXPECT_EQ(read.error, "");
  EXPECT_FALSE(read.header.has_arrival);
  EXPECT_EQ(read.header.codec, "opus");
  EXPECT_EQ(read.sequences(), numbers(1, 2));
}

TEST(Mjr, ReadsLegacyAsOpusOrVp8) {
  const std::string start = "MEETECHO" + be(5, 2);
  const ReadDump audio = read_dump(start + "audio" + record_v1(rtp_packet(1)) + record_v1(rtp_packet(2)));
  EXPECT_EQ(audio.error, "");
  EXPECT_EQ(audio.header.codec, "opus");
  EXPECT_EQ(audio.header.media, 'a');
  EXPECT_FALSE(audio.header.wall_clock);
  EXPECT_FALSE(audio.header.has_arrival);
  EXPECT_EQ(audio.sequences(), numbers(1, 2));
  const ReadDump video = read_dump(start + "video" + record_v1(rtp_packet(7)));
  EXPECT_EQ(video.header.codec, "vp8");
  EXPECT_EQ(video.header.media, 'v');
  EXPECT_EQ(video.sequences(), numbers(7, 7));
}

TEST(Mjr, EveryPrefixGivesTheWholeRecordsBeforeTheCut) {
  const std::string start = header();
  const std::string whole = start + records(0, 4);
  const std::size_t record_bytes = 10 + rtp_packet(0).size();
  for (std::size_t length = 0; length <= whole.size(); ++length) {
    const ReadDump read = read_dump(whole.substr(0, length));
    if (length == 8) {
      EXPECT_EQ(read.error, "");
      EXPECT_EQ(read.damage.count("no-media"), 1u);
    } else if (length < start.size()) {
      EXPECT_NE(read.error, "") << length;
    } else {
      const std::size_t complete = (length - start.size()) / record_bytes;
      const std::size_t behind = (length - start.size()) % record_bytes;
      EXPECT_EQ(read.error, "") << length;
      EXPECT_EQ(read.records.size(), complete) << length;
      EXPECT_EQ(read.damage.count("record-cut") + read.damage.count("noise"), behind ? 1u : 0u) << length;
      EXPECT_EQ(read.damage.count("no-media"), complete == 0 ? 1u : 0u) << length;
    }
  }
}

TEST(Mjr, R50_KeepsAllBeforeACutAndSaysWhere) {
  const ReadDump read = read_dump(header() + records(0, 4) + record(rtp_packet(5), 100).substr(0, 25));
  EXPECT_EQ(read.sequences(), numbers(0, 4));
  const Damage* cut = find_damage(read.damage, "record-cut");
  ASSERT_TRUE(cut);
  EXPECT_EQ(cut->first, static_cast<std::int64_t>((header() + records(0, 4)).size()));
  EXPECT_EQ(cut->amount, 25u);
}

TEST(Mjr, R51_RefusesAHeaderThatIsHalfWrittenOrWrong) {
  EXPECT_THAT(read_dump(header().substr(0, 40)).error, HasSubstr("byte 8: a header of 118 bytes expected"));
  EXPECT_THAT(read_dump(header("{\"t\":\"a\"")).error, HasSubstr("byte 10: a JSON object"));
  EXPECT_THAT(read_dump(header("[1]") + records(0, 1)).error, HasSubstr("not an object"));
  EXPECT_THAT(read_dump("MJR00009" + be(2, 2) + "{}").error, HasSubstr("not a dump greffe knows"));
  EXPECT_THAT(read_dump("MJR0").error, HasSubstr("byte 0"));
}

TEST(Mjr, R52_TellsEmptyFromHeaderOnly) {
  EXPECT_THAT(read_dump("").error, HasSubstr("0 bytes"));
  for (const std::string& bytes : {std::string("MJR00002"), header()}) {
    const ReadDump read = read_dump(bytes);
    EXPECT_EQ(read.error, "");
    EXPECT_TRUE(read.records.empty());
    EXPECT_EQ(read.damage.count("no-media"), 1u);
  }
}

TEST(Mjr, R53_ResynchronisesAfterNoise) {
  const std::string noise(777, 'M');
  const ReadDump read = read_dump(header() + records(0, 9) + noise + records(10, 19));
  EXPECT_EQ(read.sequences(), numbers(0, 19));
  const Damage* found = find_damage(read.damage, "noise");
  ASSERT_TRUE(found);
  EXPECT_EQ(found->amount, 777u);
  EXPECT_EQ(found->first, static_cast<std::int64_t>((header() + records(0, 9)).size()));
}

TEST(Mjr, R53_LosesOnlyTheRecordWhoseMagicIsBad) {
  std::string bytes = header() + records(0, 49);
  bytes[header().size() + 20 * (10 + rtp_packet(0).size()) + 1] = 'X';
  const ReadDump read = read_dump(bytes);
  EXPECT_EQ(read.records.size(), 49u);
  EXPECT_EQ(read.damage.count("noise"), 1u);
}

TEST(Mjr, R53_LosesOnlyTheRecordWhoseLengthIsTooLarge) {
  for (const std::uint64_t length : {100u, 1000u, 65535u}) {
    std::string bytes = header() + records(0, 49);
    bytes.replace(header().size() + 20 * (10 + rtp_packet(0).size()) + 8, 2, be(length, 2));
    const ReadDump read = read_dump(bytes);
    EXPECT_EQ(read.records.size(), 49u) << length;
    EXPECT_EQ(read.damage.count("bad-record-length"), 1u);
  }
}

TEST(Mjr, R53_LooksOnceThroughNoiseFullOfMagic) {
  std::string noise;
  for (int n = 0; n < 200'000; ++n) noise += "MEETMJR0";
  const ReadDump read = read_dump(header() + records(0, 1) + noise);
  EXPECT_EQ(read.sequences(), numbers(0, 1));
  EXPECT_EQ(read.error, "");
}

TEST(Mjr, R14_DropsAndCountsWhatIsNoRtp) {
  const std::string stun("\x00\x01\x00\x00\x21\x12\xA4\x42", 8);
  const std::string dtls = std::string("\x16\xFE\xFD", 3) + std::string(20, 'x');
  const ReadDump read = read_dump(header() + record(rtp_packet(1), 0) + record(stun, 1) + record(dtls, 2) +
                                  record(rtp_packet(2), 3) + record("", 4) + record(rtp_packet(3), 5));
  EXPECT_EQ(read.sequences(), numbers(1, 3));
  const Damage* dropped = find_damage(read.damage, "not-rtp");
  ASSERT_TRUE(dropped);
  EXPECT_EQ(dropped->count, 3u);
  EXPECT_THAT(dropped->text, HasSubstr("STUN"));
}

TEST(Mjr, R18_GivesPacketsWithoutPayload) {
  const ReadDump read = read_dump(header() + record(rtp_packet(1, 1, 0), 0) + record(rtp_packet(2), 3));
  EXPECT_EQ(read.sequences(), numbers(1, 2));
  EXPECT_TRUE(read.damage.empty());
}

TEST(Mjr, R55_TakesTheLargestPacket) {
  const std::string large = rtp_packet(1, 1, 65535 - 12);
  const ReadDump read = read_dump(header() + record(large, 0) + record(large, 0) + record(large, 0));
  ASSERT_EQ(read.records.size(), 3u);
  EXPECT_EQ(read.records[2].bytes, large);
  EXPECT_TRUE(read.damage.empty());
}

TEST(Mjr, R56_RefusesADeepHeader) {
  EXPECT_NE(read_dump(header("{\"x\":" + std::string(30'000, '[') + std::string(30'000, ']') + "}")).error,
            "");
}

TEST(Mjr, R57_ASecondHeaderStartsASegment) {
  const std::string later = R"({"t":"a","c":"opus","u":1795175805394413})";
  const ReadDump read = read_dump(header() + records(0, 4) + header(later) + records(0, 4));
  ASSERT_EQ(read.records.size(), 10u);
  EXPECT_TRUE(read.records[5].restarts);
  EXPECT_FALSE(read.records[6].restarts);
  EXPECT_EQ(read.records[5].arrival_ns - read.records[0].arrival_ns, 100'000'000'000);
}

TEST(Mjr, R57_LeavesOutAJoinedRecordingOfAnotherCodec) {
  const ReadDump read =
      read_dump(header() + records(0, 4) + header(R"({"t":"v","c":"vp8"})") + records(0, 4));
  EXPECT_EQ(read.records.size(), 5u);
  EXPECT_EQ(read.damage.count("other-track"), 5u);
}

TEST(Mjr, R57_GivesTheMessagesOfADataChannelAsData) {
  const std::string message = be(1'795'175'705'394'413, 8) + "hello";
  const ReadDump read =
      read_dump(header(R"({"t":"d","c":"text","u":1795175705394413})") + record(message, 10));
  EXPECT_EQ(read.header.media, 'd');
  ASSERT_EQ(read.records.size(), 1u);
  EXPECT_EQ(read.records[0].kind, RecordKind::Data);
  EXPECT_EQ(read.records[0].bytes, message);
}

TEST(Mjr, R61_SaysWhenThereIsNoWallClock) {
  for (const std::string json :
       {R"({"t":"a","c":"opus"})", R"({"t":"a","c":"opus","u":0})",
        R"({"t":"a","c":"opus","u":4294967295000000})", R"({"t":"a","c":"opus","u":9223372036854775807})",
        R"({"t":"a","c":"opus","u":"soon"})"}) {
    const ReadDump read = read_dump(header(json) + records(0, 2));
    EXPECT_EQ(read.error, "");
    EXPECT_FALSE(read.header.wall_clock) << json;
    EXPECT_EQ(read.records.at(2).arrival_ns, 40'000'000);
  }
}

TEST(Mjr, ReadsTheFlagsOfTheHeader) {
  const ReadDump read = read_dump(
      header(R"({"t":"a","c":"opus","f":"stereo=1","e":true,"or":63,"u":1795175705394413})") + records(0, 0));
  EXPECT_TRUE(read.header.encrypted);
  EXPECT_EQ(read.header.red, PayloadType{63});
  EXPECT_EQ(read.header.fmtp, "stereo=1");
  const ReadDump odd = read_dump(
      header(R"({"t":"z","c":7,"x":{"0":"a","99999":"b","x":"c","3":4},"or":300,"e":1})") + records(0, 0));
  EXPECT_EQ(odd.error, "");
  EXPECT_TRUE(odd.header.extmap.empty());
  EXPECT_EQ(odd.damage.count("bad-header-field"), 8u);
}

TEST(Mjr, ArrivalRunsOnAcrossTheWrapOfMilliseconds) {
  const ReadDump read = read_dump(header() + record(rtp_packet(1), 0xFFFFFFF0) + record(rtp_packet(2), 4));
  ASSERT_EQ(read.records.size(), 2u);
  EXPECT_EQ(read.records[1].arrival_ns - read.records[0].arrival_ns, 20'000'000);
}

// A file of 5 GiB that is one hole with a record behind it.
TEST(Mjr, R75_PassesAHoleAboveFourGigabytes) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "sparse.mjr";
  {
    std::ofstream file(path, std::ios::binary);
    file << header() << records(0, 1);
    file.seekp(std::int64_t{5} << 30);
    file << records(2, 3);
  }
  const ReadDump read = read_dump_file(path);
  EXPECT_EQ(read.sequences(), numbers(0, 3));
  EXPECT_EQ(read.records.at(2).position, std::uint64_t{5} << 30);
  EXPECT_EQ(read.damage.count("noise"), 1u);
}

TEST(Mjr, R76_SaysWhenTheFileGrewWhileItWasRead) {
  const greffe::test::TemporaryFolder folder;
  const Path path = folder.path() / "growing.mjr";
  greffe::test::write_file(path, header() + records(0, 3));
  DamageLog damage;
  auto source = open_dump(path, "t", damage);
  ASSERT_TRUE(source);
  std::ofstream(path, std::ios::binary | std::ios::app) << records(4, 5);
  int count = 0;
  while ((*source)->next().value()) ++count;
  EXPECT_EQ(count, 4);
  EXPECT_EQ(damage.count("file-changed"), 1u);
}

}  // namespace
}  // namespace greffe::dump::test
