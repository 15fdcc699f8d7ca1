#include "base/bit_reader.h"

#include <gtest/gtest.h>

#include <array>

namespace greffe {
namespace {

TEST(BitReader, ReadsExpGolombCodes) {
  // The first codes of Table 9-2 in a row: 1, 010, 011, 00100, 00101, then se -1 (011) and se 2 (00100).
  const std::array<std::uint8_t, 4> bytes{0b10100110, 0b01000010, 0b10110010, 0b00000000};
  BitReader bits(bytes);
  for (std::uint32_t value = 0; value < 5; ++value) EXPECT_EQ(bits.ue(), value);
  EXPECT_EQ(bits.se(), -1);
  EXPECT_EQ(bits.se(), 2);
  EXPECT_FALSE(bits.failed());
}

TEST(BitReader, LargestCodeFitsAndLongerOnesFail) {
  std::array<std::uint8_t, 8> bytes{0, 0, 0, 1, 0xFF, 0xFF, 0xFF, 0xFE};
  EXPECT_EQ(BitReader(bytes).ue(), 0xFFFFFFFEu);
  bytes = {0, 0, 0, 0, 0xFF, 0xFF, 0xFF, 0xFF};
  BitReader longer(bytes);
  EXPECT_EQ(longer.ue(), 0u);
  EXPECT_TRUE(longer.failed());
}

TEST(BitReader, NothingIsReadPastTheEnd) {
  const std::array<std::uint8_t, 2> bytes{0x00, 0x01};
  for (unsigned offset = 0; offset <= 16; ++offset) {
    BitReader bits(bytes);
    bits.skip(offset);
    EXPECT_FALSE(bits.failed());
    EXPECT_EQ(bits.remaining(), 16 - offset);
    bits.ue();
    EXPECT_EQ(bits.failed(), offset != 15) << offset;
  }
  BitReader bits(bytes);
  bits.skip(17);
  EXPECT_TRUE(bits.failed());
  EXPECT_EQ(bits.bits(1), 0u);
  EXPECT_EQ(BitReader({}).bits(0), 0u);
}

}  // namespace
}  // namespace greffe
