#include "fixity/hasher.h"

#include <gtest/gtest.h>

namespace greffe::fixity {
namespace {

// The examples of FIPS 180-2, appendix C.
TEST(Hasher, GivesTheDigestsOfTheStandard) {
  const std::string_view due =
      "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
      "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f";
  EXPECT_EQ(hex_digest(Algorithm::Sha512, "abc"), due);
  Hasher hasher(Algorithm::Sha512);
  for (int i = 0; i < 2; ++i) {
    hasher.update("abc");
    EXPECT_EQ(hasher.finish_hex(), due) << "starts again after finish";
  }
}

}  // namespace
}  // namespace greffe::fixity
