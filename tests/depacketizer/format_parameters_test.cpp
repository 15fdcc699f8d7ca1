#include "depacketizer/format_parameters.h"

#include <gtest/gtest.h>

namespace greffe::depacketizer {
namespace {

using Octets = std::vector<std::uint8_t>;

TEST(FormatParameters, AreFoundByNameInAnyCase) {
  constexpr std::string_view Text = "packetization-mode=1; Sprop-Parameter-Sets=Z0IAH==,aM4=;a;b=";
  EXPECT_EQ(find_parameter(Text, "packetization-mode"), "1");
  EXPECT_EQ(find_parameter(Text, "sprop-parameter-sets"), "Z0IAH==,aM4=");
  EXPECT_EQ(find_parameter(Text, "a"), "");
  EXPECT_EQ(find_parameter(Text, "b"), "");
  EXPECT_FALSE(find_parameter(Text, "mode"));
  EXPECT_FALSE(find_parameter("", "a"));
}

// RFC 4648 §10.
TEST(Base64, DecodesTheExamples) {
  EXPECT_EQ(decode_base64(""), Octets{});
  EXPECT_EQ(decode_base64("Zg=="), (Octets{'f'}));
  EXPECT_EQ(decode_base64("Zm8"), (Octets{'f', 'o'}));
  EXPECT_EQ(decode_base64("Zm9vYmFy"), (Octets{'f', 'o', 'o', 'b', 'a', 'r'}));
  EXPECT_EQ(decode_base64("+/+/"), (Octets{0xFB, 0xFF, 0xBF}));
  for (const char* wrong : {"Z", "Zm9vY", "Zm8-", "Z m8", "Zh==\n"})
    EXPECT_FALSE(decode_base64(wrong)) << wrong;
}

TEST(SpropUnits, WhatCannotBeReadIsLeftOut) {
  EXPECT_EQ(decode_units("Zg==, Zm8=,,!!,Zm9v"), (std::vector<Octets>{{'f'}, {'f', 'o'}, {'f', 'o', 'o'}}));
}

}  // namespace
}  // namespace greffe::depacketizer
