// Signed notes (C2SP signed-note): a text with Ed25519 signatures below it, as logs publish their heads.
//
//   text, whole lines
//   (an empty line)
//   — KEY-NAME BASE64(key id, 4 octets; signature, 64 octets)
#pragma once

#include <array>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "fixity/signing_key.h"

namespace greffe::fixity {

// First four octets of SHA-256(name, 0A, 01, public key).
using KeyId = std::array<std::uint8_t, 4>;
std::string hex_of(const KeyId& id);

// What a verifier knows of a key: "NAME+ID+BASE64(01, public key)" on one line.
struct VerifierKey {
  std::string name;  // not empty, no blanks, no '+'
  PublicKey key{};

  KeyId id() const;
  std::string text() const;
  // Refuses a line whose id is not that of its key, and keys of other kinds.
  static Result<VerifierKey> parse(std::string_view text);
  bool operator==(const VerifierKey&) const = default;
};

bool is_key_name(std::string_view name);

struct NoteSignature {
  std::string key_name;
  KeyId key_id{};
  std::vector<std::uint8_t> bytes;  // of any length: a key of another kind may have signed, too
  bool operator==(const NoteSignature&) const = default;
};

struct SignedNote {
  std::string text;  // ends with a newline; that is what is signed
  std::vector<NoteSignature> signatures;

  // `text` is UTF-8 without control characters but newlines, and ends with one.
  void sign(const PrivateKey& key, std::string_view key_name);
  std::string written() const;
  // Reads exactly what written() writes; at most LargestNote bytes, with 1 to 100 signatures.
  static Result<SignedNote> parse(std::string_view text);

  enum class Answer { NotSigned, Holds, Broken };
  // What the signatures that bear the name and id of `key` are worth: Broken when any of them is not by it.
  Answer signature_of(const VerifierKey& key) const;
};

constexpr std::size_t LargestNote = 1u << 16;

}  // namespace greffe::fixity
