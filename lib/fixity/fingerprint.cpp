#include "fixity/fingerprint.h"

#include <openssl/rand.h>
#include <xxhash.h>

#include <algorithm>
#include <cstdlib>

namespace greffe::fixity {
namespace {

// These fail only without memory or without a source of randomness: there is no way to go on.
void require(bool done) {
  if (!done) std::abort();
}

XXH64_hash_t seed() {
  static const auto drawn = [] {
    std::array<std::uint8_t, sizeof(XXH64_hash_t)> bytes{};
    require(RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) == 1);
    XXH64_hash_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
  }();
  return drawn;
}

}  // namespace

struct Fingerprint::Context {
  XXH3_state_t* state = XXH3_createState();
  Context() { require(state != nullptr && XXH3_128bits_reset_withSeed(state, seed()) == XXH_OK); }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { XXH3_freeState(state); }
};

Fingerprint::Fingerprint() : context_(std::make_unique<Context>()) {}
Fingerprint::~Fingerprint() = default;

void Fingerprint::update(Bytes bytes) {
  require(XXH3_128bits_update(context_->state, bytes.data(), bytes.size()) == XXH_OK);
}

Fingerprint::Value Fingerprint::finish() {
  XXH128_canonical_t canonical{};
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(context_->state));
  Value value{};
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), value.begin());
  return value;
}

}  // namespace greffe::fixity
