// Whether two readings of a file gave the same bytes, at a fraction of what a digest costs.
#pragma once

#include <array>
#include <memory>

#include "base/byte_reader.h"

namespace greffe::fixity {

// XXH3 of 128 bits under a seed that this process drew at random: equal for equal bytes, and bytes that
// changed by chance do not agree. Nothing to trust beyond that, nor outside the process: what is kept is
// named by its Digest.
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
