#include "fixity/sha512.h"

#include <openssl/evp.h>

#include <array>
#include <cstdlib>

#include "base/result.h"

namespace greffe::fixity {
namespace {

// OpenSSL fails here only without memory or with its own provider missing: there is no digest to go on with.
void require_sha512(int one) {
  if (one != 1) std::abort();
}

}  // namespace

struct Sha512::Context {
  EVP_MD_CTX* evp = EVP_MD_CTX_new();
  Context() {
    if (!evp) std::abort();
    start();
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { EVP_MD_CTX_free(evp); }
  void start() { require_sha512(EVP_DigestInit_ex(evp, EVP_sha512(), nullptr)); }
};

Sha512::Sha512() : context_(std::make_unique<Context>()) {}
Sha512::Sha512(Sha512&&) noexcept = default;
Sha512& Sha512::operator=(Sha512&&) noexcept = default;
Sha512::~Sha512() = default;

void Sha512::update(Bytes bytes) {
  require_sha512(EVP_DigestUpdate(context_->evp, bytes.data(), bytes.size()));
}

std::string Sha512::finish() {
  std::array<std::uint8_t, 64> bytes{};
  unsigned length = 0;
  require_sha512(EVP_DigestFinal_ex(context_->evp, bytes.data(), &length));
  context_->start();
  return fmt::format("{:02x}", fmt::join(bytes, ""));
}

std::string sha512_of(std::string_view text) {
  Sha512 hasher;
  hasher.update(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()));
  return hasher.finish();
}

}  // namespace greffe::fixity
