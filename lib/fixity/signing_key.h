// Ed25519 keys (RFC 8032): what signs a checkpoint, and what shows that it did.
#pragma once

#include <array>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"

namespace greffe::fixity {

using PublicKey = std::array<std::uint8_t, 32>;
using Signature = std::array<std::uint8_t, 64>;

// True when `signature` over `message` was made with the private key of `key`.
bool is_signed(std::string_view message, const Signature& signature, const PublicKey& key);

// Of base64 of a SubjectPublicKeyInfo, as `openssl pkey -pubout` has it between its lines (RFC 8410 §4).
// nullopt for keys of other kinds.
std::optional<PublicKey> public_key_of_base64(std::string_view text);
std::string base64_of(const PublicKey& key);  // the same the other way round

class PrivateKey {
 public:
  static PrivateKey generate();
  // An unencrypted PKCS#8 key in PEM, as `openssl genpkey -algorithm ed25519` writes it.
  static Result<PrivateKey> of_pem(std::string_view pem);
  PrivateKey(PrivateKey&&) noexcept;
  PrivateKey& operator=(PrivateKey&&) noexcept;
  ~PrivateKey();

  std::string pem() const;
  PublicKey public_key() const;
  Signature sign(std::string_view message) const;

 private:
  struct Parts;
  explicit PrivateKey(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Refuses a file that its group or others can read.
Result<PrivateKey> read_private_key(const Path& file);
// Writes a new file with mode 0600; fails if the name is taken. What a killed run left half-written of it
// goes.
Status write_private_key(const Path& file, const PrivateKey& key);

}  // namespace greffe::fixity
