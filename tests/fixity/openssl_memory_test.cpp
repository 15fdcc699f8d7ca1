// What comes of a digest, a signature and a time stamp where OpenSSL gets no memory (R101).
#include <gtest/gtest.h>
#include <openssl/crypto.h>

#include <algorithm>
#include <cstdlib>
#include <exception>

#include "fixity/digest.h"
#include "fixity/fingerprint.h"
#include "fixity/hasher.h"
#include "fixity/signing_key.h"
#include "fixity/time_stamp.h"

namespace greffe::fixity {
namespace {

// Allocations of OpenSSL that are still given, and whether only one is refused then; below zero all are
// given.
int left = -1;
bool once = false;

bool is_given() {
  if (left < 0) return true;
  if (left > 0) return left-- > 0;
  if (once) left = -1;
  return false;
}
void* allocate(std::size_t bytes, const char*, int) { return is_given() ? std::malloc(bytes) : nullptr; }
void* reallocate(void* old, std::size_t bytes, const char*, int) {
  return is_given() ? std::realloc(old, bytes) : nullptr;
}
void release(void* given, const char*, int) { std::free(given); }

// OpenSSL takes them only before its first allocation.
const bool installed = CRYPTO_set_mem_functions(allocate, reallocate, release) == 1;

// Runs `work` with ever more memory until it has enough: how often it had too little. It throws then.
template <class Work>
int times_short_of_memory(const Work& work) {
  work();  // what OpenSSL makes once and keeps
  int times = 0;
  for (const bool alone : {true, false}) {
    once = alone;
    for (int given = 0, unused = 0; unused == 0; ++given) {
      left = given;
      try {
        work();
        unused = std::max(left, 0);
      } catch (const std::exception&) {  // not always bad_alloc: providers say "initialization error"
        ++times;
      }
      left = -1;
    }
  }
  return times;
}

class OpensslMemory : public testing::Test {
 protected:
  void SetUp() override { ASSERT_TRUE(installed) << "OpenSSL had memory before this test"; }
};

TEST_F(OpensslMemory, DigestsThrow) {
  EXPECT_GT(times_short_of_memory([] { EXPECT_EQ(digest_of("abc").hex().substr(0, 8), "ba7816bf"); }), 0);
  EXPECT_GT(
      times_short_of_memory([] { EXPECT_EQ(hex_digest(Algorithm::Md5, "abc").substr(0, 8), "90015098"); }),
      0);
}

TEST_F(OpensslMemory, NoSignatureIsCalledForged) {
  const PrivateKey key = PrivateKey::generate();
  const Signature signature = key.sign("message");
  EXPECT_GT(times_short_of_memory([&] { EXPECT_TRUE(is_signed("message", signature, key.public_key())); }),
            0);
  EXPECT_GT(times_short_of_memory([&] { EXPECT_EQ(key.sign("message"), signature); }), 0);
}

TEST_F(OpensslMemory, TimeStampRequestsThrow) {
  EXPECT_GT(times_short_of_memory([] { EXPECT_FALSE(time_stamp_request("text").empty()); }), 0);
}

}  // namespace
}  // namespace greffe::fixity
