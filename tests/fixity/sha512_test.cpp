#include "fixity/sha512.h"

#include <gtest/gtest.h>

namespace greffe::fixity {
namespace {

// The examples of FIPS 180-2, appendix C.
TEST(Sha512, GivesTheDigestsOfTheStandard) {
  EXPECT_EQ(sha512_of("abc"),
            "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
            "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f");
  Sha512 hasher;
  for (int i = 0; i < 2; ++i) {
    const std::string_view text = "abc";
    hasher.update(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
    EXPECT_EQ(hasher.finish(), sha512_of("abc")) << "starts again after finish";
  }
}

}  // namespace
}  // namespace greffe::fixity
