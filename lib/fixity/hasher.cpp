#include "fixity/hasher.h"

#include <fmt/format.h>
#include <openssl/evp.h>

#include <array>

#include "fixity/openssl.h"

namespace greffe::fixity {
namespace {

struct Known {
  Algorithm algorithm;
  std::string_view name;
  std::size_t bytes;
  const EVP_MD* (*evp)();
};
constexpr std::array<Known, 6> AllKnown{{{Algorithm::Md5, "md5", 16, EVP_md5},
                                         {Algorithm::Sha1, "sha1", 20, EVP_sha1},
                                         {Algorithm::Sha224, "sha224", 28, EVP_sha224},
                                         {Algorithm::Sha256, "sha256", 32, EVP_sha256},
                                         {Algorithm::Sha384, "sha384", 48, EVP_sha384},
                                         {Algorithm::Sha512, "sha512", 64, EVP_sha512}}};

const Known& known(Algorithm algorithm) { return AllKnown[static_cast<std::size_t>(algorithm)]; }

}  // namespace

// RFC 8493 §2.4: the name in small letters, without what is no letter or digit.
std::optional<Algorithm> find_algorithm(std::string_view name) {
  std::string plain;
  for (const char c : name) {
    if (c >= 'A' && c <= 'Z') plain += static_cast<char>(c - 'A' + 'a');
    if ((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9')) plain += c;
  }
  for (const Known& one : AllKnown)
    if (one.name == plain) return one.algorithm;
  return std::nullopt;
}

std::string_view name_of(Algorithm algorithm) { return known(algorithm).name; }
std::size_t hex_digits(Algorithm algorithm) { return 2 * known(algorithm).bytes; }

struct Hasher::Context {
  EvpDigest digest;
  explicit Context(const EVP_MD* kind) : digest(kind) {}
};

Hasher::Hasher(Algorithm algorithm)
    : algorithm_(algorithm), context_(std::make_unique<Context>(known(algorithm).evp())) {}
Hasher::Hasher(Hasher&&) noexcept = default;
Hasher& Hasher::operator=(Hasher&&) noexcept = default;
Hasher::~Hasher() = default;

void Hasher::update(Bytes bytes) { context_->digest.update(bytes); }
void Hasher::update(std::string_view text) {
  update(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
}

std::string Hasher::finish_hex() {
  std::array<std::uint8_t, EVP_MAX_MD_SIZE> bytes{};
  const auto digest = std::span(bytes).first(known(algorithm_).bytes);
  context_->digest.finish(digest);
  return fmt::format("{:02x}", fmt::join(digest, ""));
}

std::string hex_digest(Algorithm algorithm, std::string_view text) {
  Hasher hasher(algorithm);
  hasher.update(text);
  return hasher.finish_hex();
}

}  // namespace greffe::fixity
