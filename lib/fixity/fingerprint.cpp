#include "fixity/fingerprint.h"

#include <openssl/evp.h>
#include <openssl/rand.h>

#include <cassert>
#include <cstdlib>

namespace greffe::fixity {
namespace {

constexpr std::size_t KeyBytes = 32;

// OpenSSL fails here only without memory, its own provider or a source of randomness: there is no way to go
// on.
void require(bool done) {
  if (!done) std::abort();
}

const std::array<std::uint8_t, KeyBytes>& key() {
  static const auto drawn = [] {
    std::array<std::uint8_t, KeyBytes> bytes{};
    require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    return bytes;
  }();
  return drawn;
}

}  // namespace

struct Fingerprint::Context {
  EVP_MAC* mac = EVP_MAC_fetch(nullptr, "POLY1305", nullptr);
  EVP_MAC_CTX* running = mac == nullptr ? nullptr : EVP_MAC_CTX_new(mac);
  Context() { require(running != nullptr && EVP_MAC_init(running, key().data(), KeyBytes, nullptr) == 1); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() {
    EVP_MAC_CTX_free(running);
    EVP_MAC_free(mac);
  }
};

Fingerprint::Fingerprint() : context_(std::make_unique<Context>()) {}
Fingerprint::~Fingerprint() = default;

void Fingerprint::update(Bytes bytes) {
  require(EVP_MAC_update(context_->running, bytes.data(), bytes.size()) == 1);
}

Fingerprint::Value Fingerprint::finish() {
  Value value{};
  std::size_t length = 0;
  require(EVP_MAC_final(context_->running, value.data(), &length, value.size()) == 1);
  assert(length == value.size());
  return value;
}

}  // namespace greffe::fixity
