// What this room's .cpp share of OpenSSL, and nobody outside sees.
#pragma once

#include <cstdint>
#include <memory>
#include <span>
#include <string>

#include "base/byte_reader.h"

struct evp_md_st;
struct evp_md_ctx_st;

namespace greffe::fixity {

// Owns what OpenSSL gave: std::unique_ptr<BIO, Freed<BIO_free_all>>.
template <auto Free>
struct Freed {
  template <class T>
  void operator()(T* owned) const {
    Free(owned);
  }
};

// For calls that OpenSSL refuses only where memory ends (std::bad_alloc), or where the machine's settings
// switch an algorithm off (std::runtime_error with its reason). Both end the work, not the program (R101).
void require(bool done);

// For what OpenSSL says no to: throws std::bad_alloc where its newest reason is want of memory, so that
// nothing is said of an input that could not be looked at.
void throw_if_out_of_memory();

// OpenSSL's newest reason, and an empty queue behind it. Throws as throw_if_out_of_memory does.
std::string newest_reason();

// A digest of bytes as they come, through the EVP interface, which takes the processor's SHA instructions
// where there are any. Not thread-safe.
class EvpDigest {
 public:
  explicit EvpDigest(const evp_md_st* kind);

  void update(Bytes bytes);
  // Writes the digest of all bytes so far; `digest` is as long as it. Then starts again from nothing.
  void finish(std::span<std::uint8_t> digest);

 private:
  struct Release {
    void operator()(evp_md_ctx_st* context) const;
  };
  const evp_md_st* kind_;
  std::unique_ptr<evp_md_ctx_st, Release> context_;
};

}  // namespace greffe::fixity
