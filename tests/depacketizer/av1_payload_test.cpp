#include "depacketizer/av1_payload.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/packets.h"

namespace greffe::depacketizer {
namespace {

using test::Octets;
using testing::ElementsAre;

TEST(Av1Payload, R44_CountsOfZeroToThree) {
  const auto sizes = [](const Octets& bytes) {
    std::vector<std::size_t> all;
    const auto payload = parse_av1_payload(bytes);
    if (payload)
      for (const Bytes element : payload->elements) all.push_back(element.size());
    return all;
  };
  EXPECT_THAT(sizes({0x00, 1, 9, 2, 9, 9}), ElementsAre(1, 2));
  EXPECT_THAT(sizes({0x10, 9, 9, 9}), ElementsAre(3));
  EXPECT_THAT(sizes({0x20, 1, 9, 9, 9}), ElementsAre(1, 2));
  EXPECT_THAT(sizes({0x30, 1, 9, 1, 9, 9, 9}), ElementsAre(1, 1, 2));
  const auto flags = parse_av1_payload(Octets{0xd8, 9});
  EXPECT_TRUE(flags->continues && flags->goes_on && flags->starts_sequence);
}

TEST(Av1Payload, R45_RejectsLengthsThatRunPast) {
  for (const Octets& bytes :
       {Octets{}, Octets{0x00}, Octets{0x10}, Octets{0x00, 3, 9, 9}, Octets{0x20, 1, 9}, Octets{0x20, 0x80},
        Octets{0x30, 1, 9, 2, 9}, Octets{0x00, 0xff, 0xff, 0xff, 0xff, 0x0f, 1}, Octets{0x00, 0}})
    EXPECT_FALSE(parse_av1_payload(bytes).has_value()) << bytes.size();
}

}  // namespace
}  // namespace greffe::depacketizer
