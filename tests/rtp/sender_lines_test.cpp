#include "rtp/sender_lines.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace greffe::rtp {
namespace {

using testing::ElementsAre;
using testing::SizeIs;

RtpPacket packet(unsigned number, std::uint32_t timestamp) {
  RtpPacket made;
  made.sequence.value = static_cast<std::uint16_t>(number);
  made.timestamp.value = timestamp;
  return made;
}

TEST(SenderLines, R12_TwoNumberingsThatTakeTurnsAreTwoSenders) {
  SenderLines lines;
  for (unsigned i = 0; i < 200; ++i) {
    EXPECT_EQ(lines.line_of(packet(65'500 + i, 160 * i)), 0U);
    if (i % 2 == 1) {
      EXPECT_EQ(lines.line_of(packet(20'000 + i / 2, 3'000'000'000U + 160 * i)), 1U);
    }
  }
  const auto senders = lines.senders();
  ASSERT_THAT(senders, SizeIs(2));
  EXPECT_THAT(senders[0], ElementsAre(0));
  EXPECT_THAT(senders[1], ElementsAre(1));
  EXPECT_EQ(lines.packets_of(senders[0]), 200U);
  EXPECT_EQ(lines.packets_of(senders[1]), 100U);
}

// RTP time begins at random, too: it tells apart what numbers do not.
TEST(SenderLines, R12_NearNumbersAreToldApartByRtpTime) {
  SenderLines lines;
  for (unsigned i = 0; i < 100; ++i) {
    EXPECT_EQ(lines.line_of(packet(500 + i, 160 * i)), 0U);
    EXPECT_EQ(lines.line_of(packet(510 + i, 3'000'000'000U + 160 * i)), 1U);
  }
  EXPECT_THAT(lines.senders(), SizeIs(2));
}

TEST(SenderLines, R12_RestartsLossReorderingAndStraysAreOneSender) {
  SenderLines lines;
  for (unsigned i = 0; i < 300; ++i) lines.line_of(packet(60'000 + (i ^ 3U) + i / 7, 900 * i));
  lines.line_of(packet(30'000, 77));
  for (unsigned i = 0; i < 300; ++i) {
    lines.line_of(packet(5 + i, 2'000'000'000U + 900 * i));
    if (i < 3) lines.line_of(packet(60'000 + 343 + i, 900 * (300 + i)));  // of before the restart
  }
  lines.line_of(packet(12'000, 99));
  for (unsigned i = 0; i < 300; ++i) lines.line_of(packet(305 + i, 900'000'000U + 900 * i));  // after a mute
  const auto senders = lines.senders();
  ASSERT_THAT(senders, SizeIs(1));
  EXPECT_EQ(lines.packets_of(senders[0]), 905U);
}

// Each of two senders begins afresh in the middle: what goes on where is known by the numbers.
TEST(SenderLines, R12_AMuteOfOneSenderIsGoneOnByIt) {
  SenderLines lines;
  for (unsigned i = 0; i < 400; ++i) {
    const std::uint32_t jump = i < 200 ? 0 : 1'000'000'000U;
    lines.line_of(packet(1'000 + i, jump + 160 * i));
    lines.line_of(packet(40'000 + i, 3'000'000'000U + jump / 2 + 160 * i));
  }
  const auto senders = lines.senders();
  ASSERT_THAT(senders, SizeIs(2));
  EXPECT_EQ(lines.packets_of(senders[0]), 400U);
  EXPECT_EQ(lines.packets_of(senders[1]), 400U);
  EXPECT_EQ(senders[0].size() + senders[1].size(), 4U);
  EXPECT_TRUE(senders[0].contains(0) != senders[0].contains(1));
}

TEST(SenderLines, OfNothingThereIsOneSender) {
  EXPECT_THAT(SenderLines().senders(), SizeIs(1));
  SenderLines few;
  few.line_of(packet(1, 1));
  few.line_of(packet(20'000, 1));
  EXPECT_THAT(few.senders(), SizeIs(1));
}

TEST(SenderLines, NoiseMakesNoEndOfLines) {
  SenderLines lines;
  std::uint32_t state = 1;
  for (unsigned i = 0; i < 200'000; ++i) {
    state = state * 1'664'525U + 1'013'904'223U;
    EXPECT_LT(lines.line_of(packet(state >> 16, state * 2'654'435'761U)), 65'536U);
  }
  EXPECT_GE(lines.senders().size(), 1U);
}

}  // namespace
}  // namespace greffe::rtp
