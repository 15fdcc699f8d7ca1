#include "rtp/redundancy.h"

#include <gtest/gtest.h>

#include <set>

#include "rtp/jitter_buffer.h"
#include "rtp/red_unwrapper.h"
#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::ListedPackets;
using test::Octets;
using test::TestPacket;

constexpr std::uint8_t Red = 63, Opus = 111;
constexpr std::uint32_t Step = 960;

struct Block {
  std::uint32_t offset = 0;
  Octets data;
  std::uint8_t type = Opus;
};

// RFC 2198 §3: headers of the copies, one octet for the primary, the copies, the primary.
Octets red_payload(const std::vector<Block>& copies, const Octets& primary) {
  Octets bytes;
  for (const Block& copy : copies) {
    const std::uint32_t word = copy.offset << 10 | static_cast<std::uint32_t>(copy.data.size());
    bytes.push_back(static_cast<std::uint8_t>(0x80 | copy.type));
    for (const int shift : {16, 8, 0}) bytes.push_back(static_cast<std::uint8_t>(word >> shift));
  }
  bytes.push_back(Opus);
  for (const Block& copy : copies) bytes.insert(bytes.end(), copy.data.begin(), copy.data.end());
  bytes.insert(bytes.end(), primary.begin(), primary.end());
  return bytes;
}

// What packet `number` says.
Octets sound(int number) { return {0x78, static_cast<std::uint8_t>(number), 1}; }
std::vector<Octets> sounds(int count) {
  std::vector<Octets> all;
  for (int number = 0; number < count; ++number) all.push_back(sound(number));
  return all;
}

// Packet `number` of a steady track with copies of packets so far `backs`.
TestPacket wrapped(int number, const std::vector<int>& backs) {
  std::vector<Block> copies;
  for (const int back : backs)
    if (number - back >= 0) copies.push_back({static_cast<std::uint32_t>(back) * Step, sound(number - back)});
  return {.sequence = static_cast<std::uint16_t>(number),
          .timestamp = static_cast<std::uint32_t>(number) * Step,
          .payload = red_payload(copies, sound(number)),
          .arrival_ms = number * 20,
          .payload_type = Red};
}

// The same with copies of the `depth` packets before it.
TestPacket wrapped(int number, int depth = 1) {
  std::vector<int> backs;
  for (int back = depth; back > 0; --back) backs.push_back(back);
  return wrapped(number, backs);
}

struct Outcome {
  std::vector<Octets> payloads;
  std::vector<std::int64_t> ticks;
  std::vector<bool> recovered;
  std::vector<std::uint32_t> lost_before;
  PacketCounts counts;
  DamageLog damage;
};

Outcome run(ListedPackets source, int window = 16) {
  Outcome out;
  RedUnwrapper unwrapper(source, PayloadType{Red}, "track", out.damage);
  JitterBuffer buffer(unwrapper, {.place = "track", .window = window, .clock_rate = ClockRate{48'000}},
                      out.damage);
  for (;;) {
    const auto packet = buffer.next();
    EXPECT_TRUE(packet.has_value());
    if (!packet || !*packet) break;
    EXPECT_EQ((*packet)->packet.payload_type, PayloadType{Opus});
    const Bytes payload = (*packet)->packet.payload;
    out.payloads.emplace_back(payload.begin(), payload.end());
    out.ticks.push_back((*packet)->ticks);
    out.recovered.push_back((*packet)->recovered);
    out.lost_before.push_back((*packet)->lost_before);
  }
  out.counts = buffer.counts();
  return out;
}

Outcome run(const std::vector<TestPacket>& packets, int window = 16) {
  return run(ListedPackets(packets), window);
}

std::vector<TestPacket> steady_without(const std::set<int>& missing, int depth = 1, int count = 20) {
  std::vector<TestPacket> packets;
  for (int number = 0; number < count; ++number)
    if (!missing.contains(number)) packets.push_back(wrapped(number, depth));
  return packets;
}

// RFC 2198 §5 by its numbers: a primary of type 5 and a copy of type 7, 84 octets, 2000 ticks before it.
TEST(Redundancy, R20_ReadsTheExampleOfTheStandard) {
  Octets payload{0x87, 0x1f, 0x40, 0x54, 0x05};
  payload.insert(payload.end(), 84, 0xaa);
  payload.insert(payload.end(), 30, 0xbb);
  const auto red = parse_red(payload);
  ASSERT_TRUE(red);
  ASSERT_EQ(red->redundant().size(), 1u);
  EXPECT_EQ(red->redundant()[0].type, PayloadType{7});
  EXPECT_EQ(red->redundant()[0].offset_ticks, 2000u);
  EXPECT_EQ(red->redundant()[0].data.size(), 84u);
  EXPECT_EQ(red->primary.type, PayloadType{5});
  EXPECT_EQ(red->primary.data.size(), 30u);
}

TEST(Redundancy, R20_RefusesEveryPayloadCutInFrontOfThePrimary) {
  const Octets whole = red_payload({{1920, sound(1)}, {960, sound(2)}}, sound(3));
  for (std::size_t length = 0; length < whole.size(); ++length) {
    const auto red = parse_red(Bytes(whole).first(length));
    EXPECT_EQ(red.has_value(), length >= whole.size() - 3) << length;
    if (red) {
      EXPECT_EQ(red->primary.data.size(), length - (whole.size() - 3));
    }
  }
}

TEST(Redundancy, R20_RefusesBlocksWithoutEnd) {
  EXPECT_FALSE(parse_red(Octets(400, 0x80)));
  EXPECT_FALSE(parse_red(Octets{0xef, 0xff, 0xff, 0xff}));
  EXPECT_FALSE(parse_red(Octets{0xef, 0x0f, 0x00, 0x45, 0x6f, 1, 2}));
}

TEST(RedUnwrapper, GivesPrimaryBlocksAndNoCopiesWhenAllCame) {
  const auto out = run(steady_without({}, 2));
  EXPECT_EQ(out.payloads, sounds(20));
  EXPECT_EQ(out.counts.packets, 20u);
  EXPECT_EQ(out.counts.recovered, 0u);
  EXPECT_EQ(out.counts.duplicates, 0u);
  EXPECT_TRUE(out.damage.empty());
}

struct LossCase {
  std::set<int> missing;
  int depth;
  std::uint64_t lost;
};

TEST(RedUnwrapper, R20_CopiesFillTheHolesInTheirOwnPlaceAndTime) {
  const LossCase cases[] = {{{5}, 1, 0},          {{5, 7, 9}, 1, 0},    {{5, 6}, 1, 1},
                            {{5, 6}, 2, 0},       {{5, 6, 7}, 2, 1},    {{1, 3, 18}, 1, 0},
                            {{4, 5, 6, 7}, 4, 0}, {{4, 5, 6, 7}, 9, 0}, {{2, 3, 4, 5, 6}, 2, 3}};
  for (const LossCase& c : cases) {
    const auto out = run(steady_without(c.missing, c.depth));
    EXPECT_EQ(out.counts.lost, c.lost);
    EXPECT_EQ(out.counts.recovered, c.missing.size() - c.lost);
    EXPECT_EQ(out.damage.count("lost-packets"), c.lost == 0 ? 0u : 1u);
    ASSERT_EQ(out.payloads.size(), 20u - c.lost);
    for (std::size_t i = 0; i < out.payloads.size(); ++i) {
      const auto number = static_cast<int>((out.ticks[i] - out.ticks[0]) / Step);
      EXPECT_EQ(out.payloads[i], sound(number));
      EXPECT_EQ(out.recovered[i], c.missing.contains(number));
    }
  }
}

// A sender that spreads its copies so that they outlive bursts.
TEST(RedUnwrapper, R20_CopiesOfPacketsFartherBackKeepTheirDistance) {
  struct Spread {
    std::vector<int> backs;
    std::set<int> missing;
    std::set<int> lost;
  };
  const Spread cases[] = {{{2}, {5, 6}, {}},
                          {{3}, {5, 6, 7}, {}},
                          {{4, 2}, {5, 6, 7, 8}, {}},
                          {{3, 1}, {5, 6, 7}, {}},
                          {{2}, {4, 5, 6, 7}, {4, 5}},
                          {{3}, {4, 5, 6, 7}, {4}},
                          {{2}, {5, 7, 8, 10}, {5, 8}},
                          {{4}, {5, 6, 9, 11}, {5}}};
  for (const Spread& c : cases) {
    std::vector<TestPacket> packets;
    for (int number = 0; number < 20; ++number)
      if (!c.missing.contains(number)) packets.push_back(wrapped(number, c.backs));
    const auto out = run(packets);
    EXPECT_EQ(out.counts.lost, c.lost.size());
    EXPECT_EQ(out.counts.recovered, c.missing.size() - c.lost.size());
    std::vector<Octets> expected;
    for (int number = 0; number < 20; ++number)
      if (!c.lost.contains(number)) expected.push_back(sound(number));
    EXPECT_EQ(out.payloads, expected);
  }
}

TEST(RedUnwrapper, R57_CopiesFillTheHolesOfTheirOwnRecording) {
  std::vector<TestPacket> packets = steady_without({});
  for (TestPacket packet : steady_without({5})) {
    packet.recording = 1;
    packets.push_back(packet);
  }
  const auto out = run(packets);
  EXPECT_EQ(out.payloads.size(), 40u);
  EXPECT_EQ(out.counts.recovered, 1u);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_TRUE(out.damage.empty());
}

TEST(RedUnwrapper, R1_RecoversAcrossTheWrapOfNumbersAndTime) {
  std::vector<TestPacket> packets = steady_without({9, 10, 11}, 3);
  for (TestPacket& packet : packets) {
    packet.sequence = static_cast<std::uint16_t>(packet.sequence + 65'526);
    packet.timestamp += 0xffffffff - 10 * Step;
  }
  const auto out = run(packets);
  EXPECT_EQ(out.counts.recovered, 3u);
  EXPECT_EQ(out.counts.lost, 0u);
  EXPECT_EQ(out.payloads, sounds(20));
}

// The copy comes first, the packet itself later: it is late, nothing was recovered or lost.
TEST(RedUnwrapper, R6_ALatePacketTakesThePlaceOfItsCopy) {
  for (const int window : {3, 16}) {  // given out already, or still waiting
    std::vector<TestPacket> packets = steady_without({5});
    packets.insert(packets.begin() + 8, wrapped(5));
    const auto out = run(packets, window);
    EXPECT_EQ(out.payloads, sounds(20));
    EXPECT_EQ(out.counts.recovered, 0u);
    EXPECT_EQ(out.counts.lost, 0u);
    EXPECT_EQ(out.counts.late, 1u);
    EXPECT_EQ(out.counts.duplicates, 0u);
    EXPECT_TRUE(out.damage.empty());
  }
}

// Numbers go on over a silence (DTX) and over probes: the copy finds its own by RTP time.
TEST(RedUnwrapper, R17_R27_ProbesAndSilenceDoNotMisplaceCopies) {
  std::vector<TestPacket> packets{wrapped(0), wrapped(1)};
  // Number 2 lost; 3 is a probe; 4 has the copy of 2, one packet of sound before it.
  packets.push_back(
      {.sequence = 3, .timestamp = Step, .payload = {}, .arrival_ms = 60, .payload_type = Red, .padding = 8});
  packets.push_back({.sequence = 4,
                     .timestamp = 3 * Step,
                     .payload = red_payload({{Step, sound(2)}}, sound(3)),
                     .arrival_ms = 60,
                     .payload_type = Red});
  // 400 ms of silence are more than an offset can say: no copy.
  packets.push_back({.sequence = 5,
                     .timestamp = 23 * Step,
                     .payload = red_payload({}, sound(23)),
                     .arrival_ms = 460,
                     .payload_type = Red});
  const auto out = run(packets);
  EXPECT_EQ(out.counts.recovered, 1u);
  EXPECT_EQ(out.counts.lost, 0u);
  ASSERT_EQ(out.payloads.size(), 6u);
  EXPECT_EQ(out.payloads[2], sound(2));
  EXPECT_EQ(out.ticks[2] - out.ticks[0], 2 * Step);
}

// A silence lengthens an offset without a packet more: the newest copy is of the newest number.
TEST(RedUnwrapper, R27_SilenceInAHoleMovesNoCopyFromTheEndOfIt) {
  // Numbers 2 to 4 are lost; 100 ms of silence before number 4, or after it.
  for (const std::uint32_t step : {1u, 6u}) {
    std::vector<TestPacket> packets{wrapped(0), wrapped(1)};
    packets.push_back({.sequence = 5,
                       .timestamp = 10 * Step,
                       .payload = red_payload({{step * Step, sound(4)}}, sound(5)),
                       .arrival_ms = 200,
                       .payload_type = Red});
    packets.push_back({.sequence = 6,
                       .timestamp = 11 * Step,
                       .payload = red_payload({{Step, sound(5)}}, sound(6)),
                       .arrival_ms = 220,
                       .payload_type = Red});
    const auto out = run(packets);
    EXPECT_EQ(out.payloads, (std::vector<Octets>{sound(0), sound(1), sound(4), sound(5), sound(6)}));
    EXPECT_EQ(out.ticks[2] - out.ticks[0], (10 - step) * Step);
    EXPECT_EQ(out.lost_before, (std::vector<std::uint32_t>{0, 0, 2, 0, 0})) << step;
  }
}

// 20 ms, then 60 ms each: the shortest is what bounds the numbers.
TEST(RedUnwrapper, R20_CopiesOfLongerPacketsThanBeforeFindTheirPlace) {
  std::vector<TestPacket> packets;
  for (int number = 0; number < 20; ++number) {
    TestPacket packet = wrapped(number);
    if (number >= 10) {
      packet.timestamp = static_cast<std::uint32_t>(10 + 3 * (number - 10)) * Step;
      packet.payload = red_payload({{number == 10 ? Step : 3 * Step, sound(number - 1)}}, sound(number));
      packet.arrival_ms = 200 + 60 * (number - 10);
    }
    if (number != 9 && number != 10 && number != 12 && number != 15 && number != 16)
      packets.push_back(packet);
  }
  const auto out = run(packets);
  EXPECT_EQ(out.counts.lost, 2u);
  EXPECT_EQ(out.counts.recovered, 3u);
  std::vector<Octets> expected = sounds(20);
  expected.erase(expected.begin() + 15);
  expected.erase(expected.begin() + 9);
  EXPECT_EQ(out.payloads, expected);
}

TEST(RedUnwrapper, R20_CopiesWithoutAPlaceAreLeftAlone) {
  // Between numbers 1 and 2 nothing is missing, before the first packet nothing was.
  TestPacket odd = wrapped(2);
  odd.payload = red_payload({{Step / 2, sound(99)}}, sound(2));
  TestPacket first = wrapped(0);
  first.payload = red_payload({{Step, sound(98)}}, sound(0));
  // Of another type than the primary block: not this track's codec.
  TestPacket other = wrapped(4);
  other.payload = red_payload({{Step, {1, 2, 3}, 8}}, sound(4));
  const auto out = run(std::vector<TestPacket>{first, wrapped(1), odd, other});
  EXPECT_EQ(out.payloads, (std::vector<Octets>{sound(0), sound(1), sound(2), sound(4)}));
  EXPECT_EQ(out.counts.recovered, 0u);
  EXPECT_EQ(out.counts.lost, 1u);
}

TEST(RedUnwrapper, R11_ANewSsrcOrNumberingKnowsNothingOfTheOldOne) {
  std::vector<TestPacket> packets = steady_without({}, 1, 6);
  for (int number = 0; number < 6; ++number) {
    TestPacket packet = wrapped(number);
    packet.ssrc = 0x9999;
    packet.arrival_ms += 200;
    packets.push_back(packet);
  }
  for (int number = 0; number < 6; ++number) {
    TestPacket packet = wrapped(number);
    packet.ssrc = 0x9999;
    packet.sequence = static_cast<std::uint16_t>(packet.sequence + 30'000);
    packet.timestamp += 2'000'000'000;
    packet.arrival_ms += 400;
    packets.push_back(packet);
  }
  const auto out = run(packets);
  EXPECT_EQ(out.payloads.size(), 18u);
  EXPECT_EQ(out.counts.segments, 3u);
  EXPECT_EQ(out.counts.recovered, 0u);
  EXPECT_EQ(out.counts.lost, 0u);
}

TEST(RedUnwrapper, R20_AMalformedPayloadIsDamageAndItsCopyIsUsed) {
  std::vector<TestPacket> packets = steady_without({});
  packets[5].payload = {0xef, 0xff, 0xff, 0xff, 0x6f};
  const auto out = run(packets);
  EXPECT_EQ(out.damage.count("red-malformed"), 1u);
  EXPECT_EQ(out.counts.recovered, 1u);
  EXPECT_EQ(out.counts.lost, 0u);
  ASSERT_EQ(out.payloads.size(), 20u);
  EXPECT_EQ(out.payloads[5], sound(5));
}

TEST(RedUnwrapper, R54_ACutPacketKeepsItsNumberAndIsNotTakenApart) {
  std::vector<TestPacket> packets = steady_without({4});
  packets[4].cut = true;  // number 5, with the copy of 4
  const auto out = run(packets);
  EXPECT_EQ(out.payloads.size(), 19u);
  EXPECT_EQ(out.counts.lost, 1u);
  EXPECT_FALSE(out.damage.count("red-malformed"));
}

// A real recording of which packets are taken away: what comes out is what comes out of the whole one.
TEST(RedUnwrapper, R20_RemovedPacketsOfASampleComeBack) {
  const auto path = test::find_sample("red/echotest-user-101-audio.mjr");
  if (path.empty()) GTEST_SKIP() << "no samples";
  const Outcome whole = run(test::mjr_packets(path));
  ASSERT_EQ(whole.payloads.size(), 795u);
  EXPECT_TRUE(whole.damage.empty());
  for (const int every : {2, 3, 20, 100}) {
    ListedPackets source = test::mjr_packets(path);
    std::vector<ListedPackets::Entry> kept;
    std::uint64_t removed = 0;
    for (std::size_t i = 0; i < source.entries().size(); ++i) {
      if (i % static_cast<std::size_t>(every) == 1 && i + 1 < source.entries().size())
        ++removed;
      else
        kept.push_back(source.entries()[i]);
    }
    source.entries() = kept;
    const Outcome out = run(std::move(source));
    EXPECT_EQ(out.payloads, whole.payloads) << every;
    EXPECT_EQ(out.ticks, whole.ticks) << every;
    EXPECT_EQ(out.counts.recovered, removed);
    EXPECT_EQ(out.counts.lost, 0u);
    EXPECT_TRUE(out.damage.empty());
  }
}

}  // namespace
}  // namespace greffe::rtp
