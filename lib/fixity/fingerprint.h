// Whether two readings of a file gave the same bytes, at a tenth of what a digest costs.
#pragma once

#include <array>
#include <memory>

#include "base/byte_reader.h"

namespace greffe::fixity {

// Poly1305 (RFC 8439 §2.5) under a key that this process drew at random and tells nobody: equal for equal
// bytes, and nobody can make other bytes that agree. Says nothing outside the process; what is kept is named
// by its Digest.
class Fingerprint {
 public:
  using Value = std::array<std::uint8_t, 16>;

  Fingerprint();
  ~Fingerprint();
  void update(Bytes bytes);
  // Of all bytes so far. The object is of no use any more.
  Value finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

}  // namespace greffe::fixity
