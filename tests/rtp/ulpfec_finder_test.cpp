#include "rtp/ulpfec_finder.h"

#include <gtest/gtest.h>

#include "support/fec_writer.h"

namespace greffe::rtp {
namespace {

using test::Octets;
using test::TestPacket;

constexpr std::uint8_t Vp8 = 96, Red = 116, UlpFec = 117;

TestPacket media(int number) {
  return {
      .sequence = static_cast<std::uint16_t>(number),
      .timestamp = static_cast<std::uint32_t>(3000 * (number / 3)),
      .payload = Octets(static_cast<std::size_t>(20 + number * 7 % 50), static_cast<std::uint8_t>(number)),
      .marker = number % 3 == 2,
      .payload_type = Vp8,
      .extension = number % 2 == 0 ? Octets{0x10, 0x85, 0x31, 1, 2} : Octets{}};
}

// Groups of three packets, each with its sum behind it; every fourth group has lost one.
std::vector<TestPacket> sent(int groups, bool with_fec = true) {
  std::vector<TestPacket> packets;
  for (int group = 0; group < groups; ++group) {
    const int first = 65'500 + 4 * group;
    const std::vector<TestPacket> protected_ones{media(first), media(first + 1), media(first + 2)};
    for (std::size_t i = 0; i < 3; ++i)
      if (group % 4 != 3 || i != 1) packets.push_back(protected_ones[i]);
    TestPacket fec = media(first + 3);
    fec.extension = {};
    fec.payload_type = UlpFec;
    fec.payload = test::ulpfec_payload(protected_ones);
    if (with_fec) packets.push_back(fec);
  }
  return packets;
}

std::optional<UlpfecFinder::Found> find(const std::vector<TestPacket>& packets, bool in_red) {
  UlpfecFinder finder;
  for (TestPacket packet : packets) {
    if (in_red) {
      packet.payload.insert(packet.payload.begin(), packet.payload_type);
      packet.payload_type = Red;
    }
    const Octets bytes = test::wire_bytes(packet);
    finder.see(parse_packet(bytes)->packet);
  }
  return finder.found();
}

TEST(UlpfecFinder, R21_KnowsErrorCorrectionByItsSums) {
  const auto plain = find(sent(20), false);
  ASSERT_TRUE(plain);
  EXPECT_FALSE(plain->red);
  EXPECT_EQ(plain->ulpfec, PayloadType{UlpFec});
  const auto wrapped = find(sent(20), true);
  ASSERT_TRUE(wrapped);
  EXPECT_EQ(wrapped->red, PayloadType{Red});
  EXPECT_EQ(wrapped->ulpfec, PayloadType{UlpFec});
}

TEST(UlpfecFinder, FindsNoneWhereThereIsNone) {
  EXPECT_FALSE(find(sent(50, false), false));
  EXPECT_FALSE(find(sent(50, false), true));
  EXPECT_FALSE(find(sent(1), false)) << "one may be chance";
  EXPECT_FALSE(find({}, false));
}

TEST(FecSums, OtherPacketsContradictAndMissingOnesSayNothing) {
  FecSums sums;
  const std::vector<TestPacket> packets{media(10), media(11), media(12)};
  const Octets payload = test::ulpfec_payload(packets);
  for (const int number : {10, 11}) sums.see(parse_packet(test::wire_bytes(media(number)))->packet);
  EXPECT_EQ(sums.judge(*parse_ulpfec(payload)), FecSums::Verdict::Unknown);
  TestPacket other = media(12);
  other.timestamp += 1;
  sums.see(parse_packet(test::wire_bytes(other))->packet);
  EXPECT_EQ(sums.judge(*parse_ulpfec(payload)), FecSums::Verdict::Contradicts);
  sums.see(parse_packet(test::wire_bytes(media(12)))->packet);
  EXPECT_EQ(sums.judge(*parse_ulpfec(payload)), FecSums::Verdict::Fits);
  sums.see(parse_packet(test::wire_bytes(media(2000)))->packet);
  EXPECT_FALSE(sums.is_near(*parse_ulpfec(payload)));
}

}  // namespace
}  // namespace greffe::rtp
