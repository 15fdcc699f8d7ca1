#include "fixity/fingerprint.h"

#include <gtest/gtest.h>

#include <vector>

namespace greffe::fixity {
namespace {

Fingerprint::Value of(Bytes bytes, std::size_t piece) {
  Fingerprint fingerprint;
  for (; !bytes.empty(); bytes = bytes.subspan(std::min(piece, bytes.size())))
    fingerprint.update(bytes.first(std::min(piece, bytes.size())));
  return fingerprint.finish();
}

TEST(Fingerprint, IsTheSameHoweverTheBytesCome) {
  std::vector<std::uint8_t> bytes(10'000);
  for (std::size_t i = 0; i < bytes.size(); ++i) bytes[i] = static_cast<std::uint8_t>(i * i >> 3);
  for (const std::size_t piece : {1u, 15u, 16u, 17u, 4096u})
    EXPECT_EQ(of(bytes, piece), of(bytes, bytes.size()));
}

TEST(Fingerprint, EveryByteCounts) {
  std::vector<std::uint8_t> bytes(100, 7);
  const auto whole = of(bytes, 100);
  for (std::uint8_t& byte : bytes) {
    byte ^= 0x80;
    EXPECT_NE(of(bytes, 100), whole);
    byte ^= 0x80;
  }
  EXPECT_NE(of(Bytes(bytes).first(99), 100), whole);
}

}  // namespace
}  // namespace greffe::fixity
