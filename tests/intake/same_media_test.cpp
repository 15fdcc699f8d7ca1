#include "intake/same_media.h"

#include <gtest/gtest.h>

#include "intake/recordings.h"

namespace greffe::intake {
namespace {

using test::capture, test::Leg, test::Packets, test::read_files, test::recording, test::talk;

const std::string Recorder = "videoroom-1-user-9-0-audio-0.mjr";

Packets without(Packets packets, std::uint32_t each) {
  std::erase_if(packets, [each](const auto& packet) { return packet.first / 20 % each == each - 1; });
  return packets;
}

TEST(SameMedia, TheFullerRecordingIsKeptUnderTheNameThatTheOtherHas) {
  for (const Packets& part : {talk(0, 500, 7), talk(2000, 3000, 7), without(talk(0, 3000, 7), 3)}) {
    const auto read = read_files({{Recorder, recording(part)},
                                  {"wire.pcap", capture({{.packets = talk(0, 3000, 7), .late_ms = 30}})}});
    ASSERT_EQ(read.files.size(), 1U);
    EXPECT_EQ(read.files[0].file.filename(), "wire.pcap");
    EXPECT_EQ(read.files[0].name.user, "9");
    EXPECT_TRUE(read.damage.empty()) << "nothing is lost";
    EXPECT_EQ(read.refusals.size(), 1U);
  }
}

TEST(SameMedia, ARecorderGoesBeforeACaptureThatIsAboutAsFull) {
  const Packets all = talk(0, 3000, 7);
  for (const std::uint64_t late_ms : {30U, 40'000U})  // which may be its clock
    for (const Packets& wire : {all, without(all, 20), talk(20, 2980, 7), talk(0, 3040, 7)}) {
      const auto read = read_files({{Recorder, recording(without(all, 50))},
                                    {"wire.pcap", capture({{.packets = wire, .late_ms = late_ms}})}});
      ASSERT_EQ(read.files.size(), 1U);
      EXPECT_EQ(read.files[0].file.filename(), Recorder);
      EXPECT_TRUE(read.damage.empty());
      EXPECT_EQ(read.witnesses.size(), 1U);
    }
}

TEST(SameMedia, WhatIsNotKeptOfTwoThatOverlapIsDamage) {
  const auto read = read_files({{"a.pcap", capture({{.packets = talk(0, 3000, 7)}})},
                                {"b.pcap", capture({{.packets = talk(1000, 4000, 7)}})}});
  ASSERT_EQ(read.files.size(), 1U);
  EXPECT_EQ(read.files[0].file.filename(), "a.pcap");
  const auto groups = meetings_among(read);
  ASSERT_EQ(groups.size(), 1U);
  ASSERT_EQ(groups[0].damage.entries().size(), 1U);
  const Damage& damage = groups[0].damage.entries()[0];
  EXPECT_EQ(damage.condition, "media-left-out");
  EXPECT_EQ(damage.place, "b.pcap");
  EXPECT_NEAR(static_cast<double>(damage.amount), 20'000, 500);
  EXPECT_NE(damage.text.find("a.pcap"), std::string::npos);
}

TEST(SameMedia, AHoleOfTheOneThatIsKeptIsDamageWhereItIsStillTheFuller) {
  Packets holed = talk(0, 1500, 7);
  const Packets rest = talk(2000, 4500, 7);
  holed.insert(holed.end(), rest.begin(), rest.end());
  const auto read = read_files({{Recorder, recording(holed)},
                                {"wire.pcap", capture({{.packets = talk(500, 3000, 7), .late_ms = 30}})}});
  ASSERT_EQ(read.files.size(), 1U);
  EXPECT_EQ(read.files[0].file.filename(), Recorder);
  ASSERT_EQ(read.damage.size(), 1U);
  EXPECT_NEAR(static_cast<double>(read.damage.begin()->second.entries()[0].amount), 10'000, 3000);
}

// The same, of who is silent: DTX of a few bytes, all alike.
Packets silence(std::uint32_t first, std::uint32_t end, std::uint32_t ssrc, std::uint32_t number = 0) {
  Packets packets = talk(first + number, end + number, ssrc);
  for (auto& [ms, packet] : packets) {
    packet.replace(12, packet.size() - 12, "\xf8\xff\xfe");
    ms -= 20 * number;
  }
  return packets;
}

TEST(SameMedia, CapturesOfOneSilenceAreOne) {
  const auto read = read_files({{"a.pcap", capture({{.packets = silence(0, 3000, 7)}})},
                                {"b.pcap", capture({{.packets = silence(1000, 3100, 7), .late_ms = 700}})}});
  ASSERT_EQ(read.files.size(), 1U);
  EXPECT_EQ(read.files[0].file.filename(), "a.pcap");
  EXPECT_EQ(read.witnesses.size(), 1U);
  ASSERT_EQ(read.damage.size(), 1U) << "2 s of it that b.pcap has alone";
  EXPECT_NEAR(static_cast<double>(read.damage.begin()->second.entries()[0].amount), 2'000, 500);
}

TEST(SameMedia, SilenceOfAnotherSsrcOrNumberOrMomentIsAnother) {
  for (const Leg& other :
       {Leg{.packets = silence(0, 3000, 8)}, Leg{.packets = silence(0, 3000, 7, 5000)},
        Leg{.packets = silence(0, 3000, 7), .late_ms = 3'600'000}, Leg{.packets = silence(2995, 4000, 7)}})
    EXPECT_EQ(
        read_files({{"a.pcap", capture({{.packets = silence(0, 3000, 7)}})}, {"b.pcap", capture({other})}})
            .files.size(),
        2U);
}

TEST(SameMedia, OfTwoLegsOfTheSamePacketsTheFullerIsKept) {
  const auto read = read_files(
      {{"any.pcap", capture({{.packets = talk(0, 3000, 7), .from = 4001},
                             {.packets = talk(2500, 3000, 7), .from = 4000, .to = 6000, .late_ms = 1}})}});
  ASSERT_EQ(read.files.size(), 1U);
  EXPECT_EQ(read.files[0].packets, 3000U);
  EXPECT_EQ(read.refusals.size(), 1U);
  EXPECT_TRUE(read.damage.empty());
}

}  // namespace
}  // namespace greffe::intake
