#include "rtp/jitter_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::ListedPackets;
using test::TestPacket;
using testing::ElementsAre;

struct Given {
  std::int64_t sequence;
  std::int64_t ticks;
  std::uint32_t lost_before;
  bool starts_segment;
  test::Octets payload;
};

// All that comes out, and what was said about it.
struct Outcome {
  std::vector<Given> given;
  PacketCounts counts;
  DamageLog damage;

  std::vector<std::int64_t> numbers() const {
    std::vector<std::int64_t> all;
    for (const Given& packet : given) all.push_back(packet.sequence & 0xffff);
    return all;
  }
};

Outcome run(ListedPackets source,
            JitterBufferOptions options = {.place = "track", .clock_rate = ClockRate{90'000}}) {
  Outcome outcome;
  JitterBuffer buffer(source, options, outcome.damage);
  for (;;) {
    const auto packet = buffer.next();
    EXPECT_TRUE(packet.has_value());
    if (!packet || !*packet) break;
    const Bytes payload = (*packet)->packet.payload;
    outcome.given.push_back({(*packet)->sequence, (*packet)->ticks, (*packet)->lost_before,
                             (*packet)->starts_segment, test::Octets(payload.begin(), payload.end())});
  }
  outcome.counts = buffer.counts();
  return outcome;
}

// Packet `number` of a steady track: 100 packets and 90000 ticks a second.
TestPacket steady(int number, std::uint32_t first_timestamp = 0) {
  return {.sequence = static_cast<std::uint16_t>(number),
          .timestamp = first_timestamp + static_cast<std::uint32_t>(number) * 900,
          .payload = {static_cast<std::uint8_t>(number)},
          .arrival_ms = number * 10};
}

TEST(JitterBuffer, RestoresOrderAndCountsWhatIsLateAndLost) {
  const Outcome out = run(ListedPackets({steady(1), steady(3), steady(2), steady(6), steady(5)}));
  EXPECT_THAT(out.numbers(), ElementsAre(1, 2, 3, 5, 6));
  EXPECT_EQ(out.counts.packets, 5u);
  EXPECT_EQ(out.counts.late, 2u);
  EXPECT_EQ(out.counts.lost, 1u);
  EXPECT_EQ(out.given[3].lost_before, 1u);
  ASSERT_EQ(out.damage.entries().size(), 1u);
  EXPECT_EQ(out.damage.entries()[0].condition, "lost-packets");
  EXPECT_EQ(out.damage.entries()[0].first, 4);
}

TEST(JitterBuffer, R1_ReordersAcrossSequenceWrapWithoutLoss) {
  const Outcome out =
      run(ListedPackets({steady(65534), steady(65536), steady(65535), steady(65538), steady(65537)}));
  EXPECT_THAT(out.numbers(), ElementsAre(65534, 65535, 0, 1, 2));
  EXPECT_EQ(out.given.back().sequence - out.given.front().sequence, 4);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_EQ(out.counts.segments, 1u);
}

TEST(JitterBuffer, R1_FirstPacketMayComeAfterTheSecond) {
  const Outcome out = run(ListedPackets({steady(65536), steady(65535), steady(65537)}));
  EXPECT_THAT(out.numbers(), ElementsAre(65535, 0, 1));
  EXPECT_EQ(out.counts.lost, 0u);
}

TEST(JitterBuffer, R2_UnwrapsRtpTimeAlsoAtTheSecondPacket) {
  const std::uint32_t near_end = 0xffffffffu - 1000;
  const Outcome out = run(ListedPackets({steady(2, near_end), steady(1, near_end), steady(3, near_end)}));
  ASSERT_EQ(out.given.size(), 3u);
  EXPECT_EQ(out.given[1].ticks - out.given[0].ticks, 900);
  EXPECT_EQ(out.given[2].ticks - out.given[1].ticks, 900);
}

TEST(JitterBuffer, R2_SilenceOfManyHoursKeepsTheTurnThatFitsArrival) {
  TestPacket later = steady(2);
  const std::int64_t hours = 20;
  later.arrival_ms = hours * 3'600'000;
  later.timestamp = static_cast<std::uint32_t>(hours * 3600 * 90'000);
  TestPacket first = steady(1);
  first.timestamp = 0;
  first.arrival_ms = 0;
  const Outcome out = run(ListedPackets({first, later}));
  ASSERT_EQ(out.given.size(), 2u);
  EXPECT_EQ(out.given[1].ticks - out.given[0].ticks, hours * 3600 * 90'000);
}

TEST(JitterBuffer, R5_DropsCopiesInSilenceAndKeepsTheFirstOfDifferingOnes) {
  TestPacket other = steady(2);
  other.payload = {99};
  const Outcome out = run(ListedPackets({steady(1), steady(2), steady(2), other, steady(3), steady(1)}));
  EXPECT_THAT(out.numbers(), ElementsAre(1, 2, 3));
  EXPECT_THAT(out.given[1].payload, ElementsAre(2));
  EXPECT_EQ(out.counts.duplicates, 3u);
  EXPECT_EQ(out.counts.differing, 1u);
  EXPECT_EQ(out.damage.count("differing-duplicates"), 1u);
  EXPECT_EQ(out.damage.entries().size(), 1u);
}

TEST(JitterBuffer, R6_WhatComesAfterItsPlaceWasGivenUpIsLateDamage) {
  ListedPackets source;
  for (int number = 1; number <= 40; ++number)
    if (number != 5) source.add(steady(number));
  TestPacket late = steady(5);
  late.arrival_ms = 410;
  source.add(late);
  const Outcome out =
      run(std::move(source), {.place = "track", .window = 16, .clock_rate = ClockRate{90'000}});
  EXPECT_EQ(out.given.size(), 39u);
  EXPECT_EQ(out.counts.too_late, 1u);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_EQ(out.damage.count("late-packets"), 1u);
  EXPECT_EQ(out.damage.count("lost-packets"), 0u) << "it came";
}

// A copy of one that came too late, and one from before the first: neither was missing.
TEST(JitterBuffer, R6_WhatComesTooLateLowersTheLossOnceAndOnlyWhereItWasMissing) {
  ListedPackets source;
  for (int number = 20; number <= 80; ++number)
    if (number != 40 && number != 50 && number != 51 && number != 52) source.add(steady(number));
  for (const int number : {40, 40, 19, 51, 51}) {
    TestPacket late = steady(number);
    late.arrival_ms = 810;
    source.add(late);
  }
  const Outcome out =
      run(std::move(source), {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}});
  EXPECT_EQ(out.counts.too_late, 5u);
  EXPECT_EQ(out.counts.lost, 2u);  // 50 and 52
  ASSERT_EQ(out.damage.entries()[0].condition, "lost-packets");
  EXPECT_EQ(out.damage.entries()[0].amount, 2u);
}

TEST(JitterBuffer, R6_AnyOrderInsideTheWindowIsRestored) {
  ListedPackets source;
  for (int block = 0; block < 5; ++block)
    for (int number = 1000; number > 0; --number) source.add(steady(block * 1000 + number));
  const Outcome out = run(std::move(source));
  ASSERT_EQ(out.given.size(), 5000u);
  for (std::size_t i = 0; i < out.given.size(); ++i)
    ASSERT_EQ(out.given[i].sequence & 0xffff, static_cast<int>(i) + 1);
  EXPECT_TRUE(out.damage.empty());
}

TEST(JitterBuffer, R7_GapOfSecondsIsLossInOneSegment) {
  ListedPackets source;
  for (int number = 1; number <= 500; ++number) source.add(steady(number));
  for (int number = 10'001; number <= 10'500; ++number) source.add(steady(number));
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 1000u);
  EXPECT_EQ(out.counts.lost, 9500u);
  EXPECT_EQ(out.counts.segments, 1u);
  EXPECT_EQ(out.given[500].ticks - out.given[499].ticks, 9501 * 900);
}

TEST(JitterBuffer, R7_GapBeyondHalfTheNumbersIsDecidedByArrival) {
  ListedPackets source;
  for (int number = 1; number <= 500; ++number) source.add(steady(number));
  for (int number = 45'001; number <= 45'500; ++number) source.add(steady(number));
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.counts.segments, 1u);
  EXPECT_EQ(out.counts.lost, 44'500u);
  EXPECT_EQ(out.given[500].sequence - out.given[499].sequence, 44'501);
}

// 300 packets a second of a sender, 30 to a picture, from number `first` on.
void add_fast(ListedPackets& source, int first, int packets, std::int64_t paused_ms = 0) {
  for (int i = first; i < first + packets; ++i) {
    const std::int64_t ms = paused_ms + std::int64_t{i} / 30 * 100;
    source.add({.sequence = static_cast<std::uint16_t>(i),
                .timestamp = static_cast<std::uint32_t>(ms * 90),
                .arrival_ms = ms});
  }
}

TEST(JitterBuffer, R7_AnOutageOfMoreThanACircleOfNumbersIsCountedWhole) {
  for (const int lost : {30'000, 62'790, 90'000, 180'000, 200'010}) {
    ListedPackets source;
    add_fast(source, 0, 18'000);
    add_fast(source, 18'000 + lost, 3000);
    const Outcome out = run(std::move(source));
    EXPECT_EQ(out.counts.lost, static_cast<std::uint64_t>(lost));
    EXPECT_EQ(out.counts.segments, 1u) << lost;
    EXPECT_EQ(out.given.size(), 21'000u) << lost;
    EXPECT_EQ(out.given[18'000].lost_before, static_cast<std::uint32_t>(lost));
  }
}

// A camera that is switched off uses no numbers, however long.
TEST(JitterBuffer, R7_AfterAPauseLittleIsMissing) {
  for (const int lost : {0, 5, 600}) {
    ListedPackets source;
    add_fast(source, 0, 18'000);
    add_fast(source, 18'000 + lost, 3000, 3'600'000);
    const Outcome out = run(std::move(source));
    EXPECT_EQ(out.counts.lost, static_cast<std::uint64_t>(lost));
    EXPECT_EQ(out.counts.segments, 1u) << lost;
  }
}

TEST(JitterBuffer, R7_RestartOfNumberingIsANewSegmentWithoutLoss) {
  ListedPackets source;
  for (int number = 40'001; number <= 40'500; ++number) source.add(steady(number, 5));
  for (int number = 1; number <= 500; ++number) {
    TestPacket packet = steady(number, 0x70000000);
    packet.arrival_ms += 405'000;
    source.add(packet);
  }
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 1000u);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_EQ(out.counts.segments, 2u);
  EXPECT_TRUE(out.given[500].starts_segment);
  EXPECT_TRUE(out.damage.empty());
}

TEST(JitterBuffer, RestartCloseBelowTheOldNumbersIsNoCopyOfThem) {
  ListedPackets source;
  for (int number = 1; number <= 300; ++number) source.add(steady(number));
  for (int number = 100; number <= 400; ++number) {
    TestPacket packet = steady(number, 0x30000000);
    packet.arrival_ms += 2000;
    source.add(packet);
  }
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 601u);
  EXPECT_EQ(out.counts.segments, 2u);
  EXPECT_EQ(out.counts.duplicates, 0u);
}

// Found by fuzzing: the two packets of a restart lay further apart than a narrow window has places.
TEST(JitterBuffer, ARestartWithAHoleInANarrowWindowLosesNoPacket) {
  const Outcome out = run(ListedPackets({{.sequence = 0, .timestamp = 0},
                                         {.sequence = 640, .timestamp = 0x80001000},
                                         {.sequence = 656, .timestamp = 0xca1b0000},
                                         {.sequence = 657, .timestamp = 0xca1b0100}}),
                          {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}});
  EXPECT_EQ(out.given.size() + out.counts.stray, 4u);
}

TEST(JitterBuffer, ASingleWildNumberIsAStray) {
  ListedPackets source;
  for (int number = 1; number <= 100; ++number) {
    source.add(steady(number));
    if (number == 50) source.add({.sequence = 30'000, .timestamp = 0x50000000, .arrival_ms = 500});
  }
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 100u);
  EXPECT_EQ(out.counts.stray, 1u);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_EQ(out.damage.count("stray-packets"), 1u);
}

TEST(JitterBuffer, R11_NewSsrcStartsASegmentOfTheSameTrack) {
  ListedPackets source;
  for (int number = 1; number <= 10; ++number) source.add(steady(number));
  for (int number = 11; number <= 20; ++number) {
    TestPacket packet = steady(number);
    packet.ssrc = 0;
    packet.timestamp += 77;
    source.add(packet);
  }
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 20u);
  EXPECT_TRUE(out.given[10].starts_segment);
  EXPECT_EQ(out.counts.segments, 2u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(JitterBuffer, R57_AnotherRecordingWithTheSameNumbersIsNoCopy) {
  for (const int ends : {100, 101}) {  // a wild number waits to be judged where the first one ends
    ListedPackets source;
    for (int number = 1; number <= 100; ++number) source.add(steady(number));
    if (ends == 101) source.add({.sequence = 30'000, .timestamp = 0x50000000, .arrival_ms = 1010});
    for (int number = 1; number <= 120; ++number) {
      TestPacket packet = steady(number);
      packet.payload = {200};
      packet.recording = 1;
      packet.arrival_ms += 3'600'000;
      source.add(packet);
    }
    const Outcome out = run(std::move(source));
    ASSERT_EQ(out.given.size(), 220u) << ends;
    EXPECT_TRUE(out.given[100].starts_segment);
    EXPECT_EQ(out.counts.segments, 2u);
    EXPECT_EQ(out.counts.duplicates, 0u);
    EXPECT_EQ(out.counts.lost, 0u);
    EXPECT_EQ(out.counts.stray, ends == 101 ? 1u : 0u);
  }
}

// Whatever the last number was, what comes in another recording is not late for the first.
TEST(JitterBuffer, R57_AnotherRecordingMayGoBackToAnEarlierSsrc) {
  ListedPackets source;
  std::int64_t ms = 0;
  for (const auto& [ssrc, recording] :
       std::vector<std::pair<std::uint32_t, std::uint32_t>>{{0xA, 0}, {0xB, 0}, {0xA, 1}})
    for (int number = 1; number <= 50; ++number) {
      TestPacket packet = steady(number);
      packet.ssrc = ssrc;
      packet.recording = recording;
      packet.arrival_ms = ms += 10;
      source.add(packet);
    }
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 150u);
  EXPECT_EQ(out.counts.segments, 3u);
  EXPECT_TRUE(out.damage.empty());
}

// `packets` of a sender from `first` on, `ms` after the last of `source`.
void add_run(ListedPackets& source, std::uint32_t ssrc, int first, int packets, std::uint32_t time = 0,
             std::int64_t ms = 10) {
  const Duration begin =
      source.entries().empty() ? Duration{} : source.entries().back().arrival.time_since_epoch();
  for (int i = 0; i < packets; ++i) {
    TestPacket packet = steady(first + i, time);
    packet.ssrc = ssrc;
    packet.arrival_ms = whole_ms(begin) + ms + 10 * i;
    source.add(packet);
  }
}

TEST(JitterBuffer, R11_AnEarlierSsrcMayComeBackWithAnyNumber) {
  // Begun anew below and among its old numbers, gone on, and gone on unseen for more than half a circle.
  for (const auto& [packets, begins] :
       std::vector<std::pair<int, int>>{{3000, 1}, {3000, 2900}, {3000, 3001}, {3000, 43'001}, {600, 1}}) {
    ListedPackets source;
    add_run(source, 0xA, 1, packets);
    add_run(source, 0xB, 1, packets);
    add_run(source, 0xA, begins, packets);
    const Outcome out = run(std::move(source));
    EXPECT_EQ(out.given.size(), 3u * static_cast<std::size_t>(packets)) << begins;
    EXPECT_EQ(out.counts.segments, 3u) << begins;
    EXPECT_EQ(out.counts.too_late, 0u) << begins;
    EXPECT_TRUE(out.damage.empty()) << begins;
  }
}

TEST(JitterBuffer, R11_AnEarlierSsrcMayBeginAnewAtOnceUnderAnotherTime) {
  ListedPackets source;
  add_run(source, 0xA, 1, 100);
  add_run(source, 0xB, 1, 50);
  add_run(source, 0xA, 1, 100, 0x40000000);
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 250u);
  EXPECT_EQ(out.counts.segments, 3u);
}

TEST(JitterBuffer, R11_WhatOfAnEarlierSsrcTricklesInIsLate) {
  ListedPackets source;
  add_run(source, 0xA, 1, 100);
  add_run(source, 0xB, 1, 20);
  add_run(source, 0xA, 95, 2, 0, 5);
  add_run(source, 0xB, 21, 20, 0, 5);
  const Outcome out = run(std::move(source));
  EXPECT_EQ(out.given.size(), 140u);
  EXPECT_EQ(out.counts.segments, 2u);
  EXPECT_EQ(out.counts.too_late, 2u);
  EXPECT_EQ(out.damage.count("late-packets"), 2u);
}

TEST(JitterBuffer, JanusSimulcastStartWithoutSsrcIsOneFrameWithWhatFollows) {
  ListedPackets source({{.sequence = 2, .timestamp = 0, .arrival_ms = 0, .ssrc = 0},
                        {.sequence = 3, .timestamp = 0, .arrival_ms = 11, .ssrc = 0},
                        {.sequence = 5, .timestamp = 2317, .arrival_ms = 36, .marker = true, .ssrc = 77},
                        {.sequence = 4, .timestamp = 2317, .arrival_ms = 47, .ssrc = 77},
                        {.sequence = 6, .timestamp = 20317, .arrival_ms = 185, .ssrc = 77}});
  const Outcome out = run(std::move(source));
  EXPECT_THAT(out.numbers(), ElementsAre(2, 3, 4, 5, 6));
  EXPECT_EQ(out.counts.segments, 1u);
  EXPECT_EQ(out.given[0].ticks, out.given[3].ticks);
  EXPECT_EQ(out.given[4].ticks - out.given[3].ticks, 18'000);
}

TEST(JitterBuffer, R17_PaddingOnlyProbesUseNumbersAndAreNoLoss) {
  TestPacket probe = steady(2);
  probe.payload = {};
  probe.padding = 200;
  const Outcome out = run(ListedPackets({steady(1), probe, steady(3)}));
  EXPECT_EQ(out.given.size(), 3u);
  EXPECT_TRUE(out.given[1].payload.empty());
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_EQ(out.counts.padding_only, 1u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(JitterBuffer, R18_EmptyPayloadCountsAsReceived) {
  TestPacket empty = steady(2);
  empty.payload = {};
  const Outcome out = run(ListedPackets({steady(1), empty, steady(3)}));
  EXPECT_EQ(out.counts.packets, 3u);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(JitterBuffer, GivesNothingForNothing) {
  const Outcome out = run(ListedPackets{});
  EXPECT_TRUE(out.given.empty());
  EXPECT_EQ(out.counts.segments, 0u);
}

struct SampleCase {
  const char* file;
  std::uint64_t packets, lost, late;
};

// The counts that samples/lossy/README.md gives.
TEST(JitterBuffer, CountsOfTheLossySampleAreAsItsTruthSays) {
  const SampleCase cases[] = {{"lossy/videoroom-4100-user-101-1795175750684015-audio-0.mjr", 1450, 55, 107},
                              {"lossy/videoroom-4100-user-101-1795175750684246-video-1.mjr", 839, 1, 164},
                              {"lossy/videoroom-4100-user-102-1795175750682300-video-1.mjr", 902, 0, 222},
                              {"lossy/videoroom-4100-user-103-1795175750634863-audio-0.mjr", 1456, 41, 103},
                              {"lossy/videoroom-4100-user-103-1795175750635120-video-1.mjr", 849, 1, 193}};
  for (const SampleCase& sample : cases) {
    const auto path = test::find_sample(sample.file);
    if (path.empty()) GTEST_SKIP() << "no samples";
    const Outcome out = run(test::mjr_packets(path));
    EXPECT_EQ(out.counts.packets, sample.packets) << sample.file;
    EXPECT_EQ(out.given.size(), sample.packets) << sample.file;
    EXPECT_EQ(out.counts.lost, sample.lost) << sample.file;
    EXPECT_EQ(out.counts.late, sample.late) << sample.file;
    EXPECT_EQ(out.counts.segments, 1u) << sample.file;
  }
}

}  // namespace
}  // namespace greffe::rtp
