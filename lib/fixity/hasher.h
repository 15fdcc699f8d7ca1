// The digest algorithms of packages that others make; our own digests are SHA-256, see digest.h.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/byte_reader.h"

namespace greffe::fixity {

enum class Algorithm : std::uint8_t { Md5, Sha1, Sha224, Sha256, Sha384, Sha512 };

// From "sha512", "SHA-512" and the like; nullopt for others.
std::optional<Algorithm> find_algorithm(std::string_view name);
// "sha512".
std::string_view name_of(Algorithm algorithm);
std::size_t hex_digits(Algorithm algorithm);

// Hashes bytes as they come. One object per file; not thread-safe.
class Hasher {
 public:
  explicit Hasher(Algorithm algorithm);
  Hasher(Hasher&&) noexcept;
  Hasher& operator=(Hasher&&) noexcept;
  ~Hasher();

  Algorithm algorithm() const { return algorithm_; }
  void update(Bytes bytes);
  void update(std::string_view text);
  // Lower-case hex digits of all bytes so far; the hasher then starts again from nothing.
  std::string finish_hex();

 private:
  struct Context;
  Algorithm algorithm_;
  std::unique_ptr<Context> context_;
};

std::string hex_digest(Algorithm algorithm, std::string_view text);

}  // namespace greffe::fixity
