#include "rtp/telephone_event.h"

#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::rtp {
namespace {

using test::Octets;

struct Sent {
  std::int64_t ticks;
  Octets payload;
  bool cut = false;
};

std::vector<TelephoneEvent> log(const std::vector<Sent>& packets, DamageLog& damage) {
  TelephoneEventLog events("track", damage);
  std::uint64_t number = 0;
  for (const Sent& sent : packets) {
    OrderedPacket packet{.ticks = sent.ticks, .cut = sent.cut};
    packet.packet.payload = sent.payload;
    events.see(packet, number++);
  }
  return events.events();
}

// RFC 4733 §2.3.
Octets block(std::uint8_t code, unsigned duration, bool ends = false) {
  return {code, static_cast<std::uint8_t>((ends ? 0x80 : 0) | 10), static_cast<std::uint8_t>(duration >> 8),
          static_cast<std::uint8_t>(duration)};
}

TEST(TelephoneEvent, R23_EachKeyIsToldOnceWithItsLength) {
  DamageLog damage;
  const auto events = log({{1000, block(4, 160)},
                           {1000, block(4, 320)},
                           {1000, block(4, 480, true)},
                           {1000, block(4, 480, true)},
                           {1000, block(4, 480, true)},
                           {9000, block(11, 160)},
                           {9000, block(11, 320, true)}},
                          damage);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(key_of(events[0].code), "4");
  EXPECT_EQ(events[0].ticks, 1000);
  EXPECT_EQ(events[0].duration_ticks, 480);
  EXPECT_EQ(events[0].packet, 0u);
  EXPECT_EQ(events[0].volume, 10);
  EXPECT_TRUE(events[0].ended);
  EXPECT_EQ(key_of(events[1].code), "#");
  EXPECT_EQ(events[1].packet, 5u);
  EXPECT_TRUE(damage.empty());
}

TEST(TelephoneEvent, TheSameKeyTwiceIsTwoEvents) {
  DamageLog damage;
  const auto events = log({{0, block(7, 800, true)}, {1600, block(7, 800, true)}}, damage);
  EXPECT_EQ(events.size(), 2u);
}

TEST(TelephoneEvent, KeysHaveTheirNames) {
  EXPECT_EQ(key_of(0), "0");
  EXPECT_EQ(key_of(10), "*");
  EXPECT_EQ(key_of(15), "D");
  EXPECT_EQ(key_of(16), "flash");
  EXPECT_EQ(key_of(17), "");
  EXPECT_EQ(key_of(255), "");
}

// §2.5.1.3: the duration is full, a new segment begins where it ended.
TEST(TelephoneEvent, ALongEventIsOne) {
  DamageLog damage;
  const auto events =
      log({{0, block(1, 65'535)}, {65'535, block(1, 65'535)}, {131'070, block(1, 100, true)}}, damage);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].duration_ticks, 131'170);
}

// §2.5.1.5: events without a gap between them may share a packet, and come again in the next one.
TEST(TelephoneEvent, EventsInOnePacketFollowEachOther) {
  DamageLog damage;
  Octets both = block(1, 400, true);
  const Octets second = block(2, 400, true);
  both.insert(both.end(), second.begin(), second.end());
  const auto events = log({{0, both}, {0, both}}, damage);
  ASSERT_EQ(events.size(), 2u);
  EXPECT_EQ(events[1].ticks, 400);
  EXPECT_EQ(events[1].code, 2);
}

TEST(TelephoneEvent, AnEventWhoseEndIsLostHasTheLongestLengthTold) {
  DamageLog damage;
  const auto events = log({{0, block(3, 160)}, {0, block(3, 640)}}, damage);
  ASSERT_EQ(events.size(), 1u);
  EXPECT_EQ(events[0].duration_ticks, 640);
  EXPECT_FALSE(events[0].ended);
}

TEST(TelephoneEvent, WhatIsCutOrOddIsDamage) {
  const Octets whole = block(1, 2);
  for (std::size_t length = 1; length <= 5; ++length) {
    DamageLog damage;
    Octets payload = whole;
    payload.resize(length);
    EXPECT_EQ(log({{0, payload}}, damage).size(), length == 4 ? 1u : 0u);
    EXPECT_EQ(damage.count("event-malformed"), length == 4 ? 0u : 1u);
    EXPECT_EQ(parse_event_block(payload).has_value(), length >= 4);
  }
  DamageLog damage;
  EXPECT_TRUE(log({{0, whole, true}, {0, Octets(400, 0)}}, damage).empty());
  EXPECT_EQ(damage.count("event-malformed"), 2u);
}

TEST(TelephoneEvent, NoMoreAreKeptThanTheLimit) {
  DamageLog damage;
  TelephoneEventLog events("track", damage);
  const Octets payload = block(1, 1, true);
  OrderedPacket packet;
  packet.packet.payload = payload;
  for (std::size_t i = 0; i < TelephoneEventLog::MostEvents + 5; ++i) {
    packet.ticks = static_cast<std::int64_t>(i) * 100;
    events.see(packet, i);
  }
  EXPECT_EQ(events.events().size(), TelephoneEventLog::MostEvents);
  EXPECT_EQ(damage.count("too-many-events"), 5u);
}

}  // namespace
}  // namespace greffe::rtp
