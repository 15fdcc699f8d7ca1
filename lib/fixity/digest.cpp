#include "fixity/digest.h"

#include <openssl/evp.h>

#include <vector>

#include "base/progress.h"
#include "fixity/openssl.h"

namespace greffe::fixity {
namespace {

constexpr std::size_t ReadBlock = 256 << 10;  // stays in the processor's cache between reading and hashing

std::optional<std::uint8_t> hex_digit(char c) {
  if (c >= '0' && c <= '9') return static_cast<std::uint8_t>(c - '0');
  if (c >= 'a' && c <= 'f') return static_cast<std::uint8_t>(c - 'a' + 10);
  if (c >= 'A' && c <= 'F') return static_cast<std::uint8_t>(c - 'A' + 10);
  return std::nullopt;
}

Bytes bytes_of(std::string_view text) {
  return Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size());
}

}  // namespace

std::string Digest::hex() const { return fmt::format("{:02x}", fmt::join(bytes, "")); }

std::optional<Digest> Digest::of_hex(std::string_view hex) {
  if (hex.size() != 2 * Size) return std::nullopt;
  Digest digest;
  for (std::size_t i = 0; i < Size; ++i) {
    const auto high = hex_digit(hex[2 * i]);
    const auto low = hex_digit(hex[2 * i + 1]);
    if (!high || !low) return std::nullopt;
    digest.bytes[i] = static_cast<std::uint8_t>(*high << 4 | *low);
  }
  return digest;
}

struct Sha256::Context {
  EvpDigest digest{EVP_sha256()};
};

Sha256::Sha256() : context_(std::make_unique<Context>()) {}
Sha256::Sha256(Sha256&&) noexcept = default;
Sha256& Sha256::operator=(Sha256&&) noexcept = default;
Sha256::~Sha256() = default;

void Sha256::update(Bytes bytes) { context_->digest.update(bytes); }
void Sha256::update(std::string_view text) { update(bytes_of(text)); }

Digest Sha256::finish() {
  Digest digest;
  context_->digest.finish(digest.bytes);
  return digest;
}

Digest digest_of(Bytes bytes) {
  Sha256 hasher;
  hasher.update(bytes);
  return hasher.finish();
}

Digest digest_of(std::string_view text) { return digest_of(bytes_of(text)); }

Result<FileDigest> digest_of_file(const Path& path, const std::function<void(Bytes)>& seen) {
  GREFFE_TRY(const InputFile input, open_input(path));
  return digest_of_input(input, path, seen);
}

Result<FileDigest> digest_of_input(const InputFile& input, const Path& name,
                                   const std::function<void(Bytes)>& seen) {
  Sha256 hasher;
  FileDigest found;
  std::vector<std::uint8_t> block(ReadBlock);
  while (true) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped while reading", name.string());
    GREFFE_TRY(const std::size_t got, read_at(input.file, found.bytes, block, name));
    hasher.update(Bytes(block).first(got));
    if (seen) seen(Bytes(block).first(got));
    found.bytes += got;
    if (got < block.size()) break;
  }
  found.digest = hasher.finish();
  return found;
}

}  // namespace greffe::fixity
