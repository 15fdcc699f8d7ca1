// SHA-512: names a list of disposal (RETENTION D1) and the files of a package (RFC 8493).
#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

namespace greffe::fixity {

// Hashes bytes as they come. One object per file; not thread-safe.
class Sha512 {
 public:
  Sha512();
  Sha512(Sha512&&) noexcept;
  Sha512& operator=(Sha512&&) noexcept;
  ~Sha512();

  void update(Bytes bytes);
  // Of all bytes so far, as 128 lower-case hex digits; the hasher then starts again from nothing.
  std::string finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

// 128 lower-case hex digits.
std::string sha512_of(std::string_view text);

}  // namespace greffe::fixity
