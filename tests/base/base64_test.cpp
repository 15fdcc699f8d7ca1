#include "base/base64.h"

#include <gtest/gtest.h>

namespace greffe {
namespace {

std::string base64_of(std::string_view text) {
  return base64(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

TEST(Base64, HasTheExamplesOfRfc4648) {
  EXPECT_EQ(base64_of(""), "");
  EXPECT_EQ(base64_of("f"), "Zg==");
  EXPECT_EQ(base64_of("fo"), "Zm8=");
  EXPECT_EQ(base64_of("foo"), "Zm9v");
  EXPECT_EQ(base64_of("foobar"), "Zm9vYmFy");
  for (const char* text : {"", "f", "fo", "foo", "foob", "fooba", "foobar"}) {
    const auto bytes = bytes_of_base64(base64_of(text));
    ASSERT_TRUE(bytes);
    EXPECT_EQ(std::string(bytes->begin(), bytes->end()), text);
  }
}

TEST(Base64, EachValueIsWrittenInOneWayOnly) {
  for (const char* text :
       {"Z", "Zg", "Zg=", "Zh==", "Zm9=", "Zg==Zg==", "Zm9v ", "Zm-v", "=m9v", "Z===", "===="})
    EXPECT_FALSE(bytes_of_base64(text)) << text;
}

}  // namespace
}  // namespace greffe
