#include "base/parse.h"

#include <gtest/gtest.h>

#include <cstdint>

namespace greffe {
namespace {

TEST(FindNumber, TakesAllOrNothing) {
  EXPECT_EQ(find_number<int>("-12"), -12);
  EXPECT_EQ(find_number<std::uint8_t>("255"), 255);
  EXPECT_EQ(find_number<double>("1.5"), 1.5);
  for (const char* text : {"", "-", " 1", "1 ", "+1", "1.0", "0x1", "4294967296000"})
    EXPECT_FALSE(find_number<int>(text)) << text;
  for (const char* text : {"256", "-1"}) EXPECT_FALSE(find_number<std::uint8_t>(text)) << text;
}

TEST(TakeUntil, TakesTheMarkWithIt) {
  std::string_view text = "a=b=";
  EXPECT_EQ(take_until(text, '='), "a");
  EXPECT_EQ(take_until(text, ';'), "b=");
  EXPECT_TRUE(text.empty());
  EXPECT_EQ(take_until(text, '='), "");
}

}  // namespace
}  // namespace greffe
