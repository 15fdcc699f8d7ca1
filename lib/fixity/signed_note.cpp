#include "fixity/signed_note.h"

#include <algorithm>

#include "base/base64.h"
#include "base/text.h"
#include "fixity/digest.h"

namespace greffe::fixity {
namespace {

constexpr std::uint8_t Ed25519 = 0x01;  // the signature type of C2SP signed-note
constexpr std::string_view SignatureStart = "\u2014 ";
constexpr std::size_t MostSignatures = 100;

KeyId id_of(std::string_view name, const PublicKey& key) {
  Sha256 hasher;
  hasher.update(name);
  const std::array<std::uint8_t, 2> separator{'\n', Ed25519};
  hasher.update(Bytes(separator));
  hasher.update(Bytes(key));
  const Digest digest = hasher.finish();
  return {digest.bytes[0], digest.bytes[1], digest.bytes[2], digest.bytes[3]};
}

bool is_note_text(std::string_view text) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 && c != '\n'; };
  return is_valid_utf8(text) && std::none_of(text.begin(), text.end(), is_control);
}

Result<NoteSignature> signature_of_line(std::string_view line) {
  if (!line.starts_with(SignatureStart)) return fail("a signature line begins with a dash and a blank");
  line.remove_prefix(SignatureStart.size());
  const auto blank = line.find(' ');
  if (blank == std::string_view::npos) return fail("a signature line without a signature");
  NoteSignature signature{.key_name = std::string(line.substr(0, blank))};
  if (!is_key_name(signature.key_name)) return fail("a key name may hold no blanks and no '+'");
  const auto bytes = bytes_of_base64(line.substr(blank + 1));
  if (!bytes || bytes->size() <= signature.key_id.size()) return fail("a signature is not base64");
  const auto end_of_id = bytes->begin() + static_cast<std::ptrdiff_t>(signature.key_id.size());
  std::copy(bytes->begin(), end_of_id, signature.key_id.begin());
  signature.bytes.assign(end_of_id, bytes->end());
  return signature;
}

// Unicode 15 White_Space.
bool is_blank(char32_t c) {
  return (c >= 0x09 && c <= 0x0D) || c == 0x20 || c == 0x85 || c == 0xA0 || c == 0x1680 ||
         (c >= 0x2000 && c <= 0x200A) || c == 0x2028 || c == 0x2029 || c == 0x202F || c == 0x205F ||
         c == 0x3000;
}

}  // namespace

std::string hex_of(const KeyId& id) { return fmt::format("{:02x}", fmt::join(id, "")); }

bool is_key_name(std::string_view name) {
  if (name.empty() || name.find('+') != std::string_view::npos || !is_note_text(name)) return false;
  const auto characters = code_points(name);
  return std::none_of(characters.begin(), characters.end(), is_blank);
}

KeyId VerifierKey::id() const { return id_of(name, key); }

std::string VerifierKey::text() const {
  std::vector<std::uint8_t> bytes{Ed25519};
  bytes.insert(bytes.end(), key.begin(), key.end());
  return fmt::format("{}+{}+{}", name, hex_of(id()), base64(bytes));
}

Result<VerifierKey> VerifierKey::parse(std::string_view text) {
  const auto first = text.find('+');
  const auto second = first == std::string_view::npos ? first : text.find('+', first + 1);
  if (second == std::string_view::npos) return fail("not a verifier key: NAME+ID+KEY is expected");
  VerifierKey parsed{.name = std::string(text.substr(0, first))};
  if (!is_key_name(parsed.name)) return fail("a key name may hold no blanks and no '+'");
  const auto bytes = bytes_of_base64(text.substr(second + 1));
  if (!bytes || bytes->size() != parsed.key.size() + 1 || bytes->front() != Ed25519)
    return fail("not an Ed25519 verifier key");
  std::copy(bytes->begin() + 1, bytes->end(), parsed.key.begin());
  if (text.substr(first + 1, second - first - 1) != hex_of(parsed.id()))
    return fail("the id of a verifier key is not that of its name and key");
  return parsed;
}

void SignedNote::sign(const PrivateKey& key, std::string_view key_name) {
  const Signature signature = key.sign(text);
  signatures.push_back({.key_name = std::string(key_name),
                        .key_id = id_of(key_name, key.public_key()),
                        .bytes = {signature.begin(), signature.end()}});
}

std::string SignedNote::written() const {
  std::string note = text + "\n";
  for (const NoteSignature& signature : signatures) {
    std::vector<std::uint8_t> bytes(signature.key_id.begin(), signature.key_id.end());
    bytes.insert(bytes.end(), signature.bytes.begin(), signature.bytes.end());
    note += fmt::format("{}{} {}\n", SignatureStart, signature.key_name, base64(bytes));
  }
  return note;
}

Result<SignedNote> SignedNote::parse(std::string_view text) {
  if (text.size() > LargestNote) return fail("longer than {} bytes", LargestNote);
  if (!is_note_text(text)) return fail("not UTF-8, or with control characters");
  // The text may itself hold empty lines: the last one divides.
  const auto divide = text.rfind("\n\n");
  if (divide == std::string_view::npos) return fail("no signatures below an empty line");
  SignedNote note{.text = std::string(text.substr(0, divide + 1))};
  text.remove_prefix(divide + 2);
  while (!text.empty()) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return fail("the last line has no end");
    GREFFE_TRY(NoteSignature signature, signature_of_line(text.substr(0, end)));
    note.signatures.push_back(std::move(signature));
    if (note.signatures.size() > MostSignatures) return fail("more than {} signatures", MostSignatures);
    text.remove_prefix(end + 1);
  }
  if (note.signatures.empty()) return fail("no signatures");
  return note;
}

SignedNote::Answer SignedNote::signature_of(const VerifierKey& key) const {
  Answer answer = Answer::NotSigned;
  const KeyId id = key.id();
  for (const NoteSignature& signature : signatures) {
    if (signature.key_name != key.name || signature.key_id != id) continue;
    Signature bytes{};
    if (signature.bytes.size() != bytes.size()) return Answer::Broken;
    std::copy(signature.bytes.begin(), signature.bytes.end(), bytes.begin());
    if (!is_signed(text, bytes, key.key)) return Answer::Broken;
    answer = Answer::Holds;
  }
  return answer;
}

}  // namespace greffe::fixity
