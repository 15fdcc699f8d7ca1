#include "fixity/fingerprint.h"

#include <xxhash.h>

#include <algorithm>
#include <new>

#include "base/random.h"

namespace greffe::fixity {
namespace {

XXH64_hash_t seed() {
  static const auto drawn = [] {
    std::array<std::uint8_t, sizeof(XXH64_hash_t)> bytes{};
    random_bytes(bytes);
    XXH64_hash_t value = 0;
    for (const std::uint8_t byte : bytes) value = value << 8 | byte;
    return value;
  }();
  return drawn;
}

struct FreeState {
  void operator()(XXH3_state_t* state) const { XXH3_freeState(state); }
};

}  // namespace

struct Fingerprint::Context {
  std::unique_ptr<XXH3_state_t, FreeState> state{XXH3_createState()};
  Context() {
    if (!state) throw std::bad_alloc();
    XXH3_128bits_reset_withSeed(state.get(), seed());
  }
};

Fingerprint::Fingerprint() : context_(std::make_unique<Context>()) {}
Fingerprint::~Fingerprint() = default;

void Fingerprint::update(Bytes bytes) {
  XXH3_128bits_update(context_->state.get(), bytes.data(), bytes.size());
}

Fingerprint::Value Fingerprint::finish() {
  XXH128_canonical_t canonical{};
  XXH128_canonicalFromHash(&canonical, XXH3_128bits_digest(context_->state.get()));
  Value value{};
  std::copy(std::begin(canonical.digest), std::end(canonical.digest), value.begin());
  return value;
}

}  // namespace greffe::fixity
