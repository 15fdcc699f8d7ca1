// SHA-256: the name of a file's bytes, by which fixity is shown.
#pragma once

#include <array>
#include <compare>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"

namespace greffe::fixity {

struct Digest {
  static constexpr std::size_t Size = 32;
  std::array<std::uint8_t, Size> bytes{};

  auto operator<=>(const Digest&) const = default;

  // 64 lower-case hex digits.
  std::string hex() const;
  // From 64 hex digits of either case; nullopt for anything else.
  static std::optional<Digest> of_hex(std::string_view hex);
};

// Hashes bytes as they come. One object per file; not thread-safe.
class Sha256 {
 public:
  Sha256();
  Sha256(Sha256&&) noexcept;
  Sha256& operator=(Sha256&&) noexcept;
  ~Sha256();

  void update(Bytes bytes);
  void update(std::string_view text);
  // The digest of all bytes so far; the hasher then starts again from nothing.
  Digest finish();

 private:
  struct Context;
  std::unique_ptr<Context> context_;
};

Digest digest_of(Bytes bytes);
Digest digest_of(std::string_view text);

struct FileDigest {
  Digest digest;
  std::uint64_t bytes = 0;
};

// Reads the file once, from its first byte to its end, and hands every byte to `seen` on the way. Fails with
// ErrorKind::Interrupted when asked to stop.
Result<FileDigest> digest_of_file(const Path& path, const std::function<void(Bytes)>& seen = {});
// Of a file that is open; `name` is for messages.
Result<FileDigest> digest_of_input(const InputFile& input, const Path& name,
                                   const std::function<void(Bytes)>& seen = {});

}  // namespace greffe::fixity
