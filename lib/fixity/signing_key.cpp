#include "fixity/signing_key.h"

#include <openssl/bio.h>
#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <sys/stat.h>

#include <algorithm>
#include <memory>

#include "base/base64.h"
#include "fixity/openssl.h"

namespace greffe::fixity {
namespace {

constexpr std::uint64_t LargestKeyFile = 1u << 14;
constexpr mode_t OwnerOnly = 0600;

using KeyOwner = std::unique_ptr<EVP_PKEY, Freed<EVP_PKEY_free>>;
using ContextOwner = std::unique_ptr<EVP_MD_CTX, Freed<EVP_MD_CTX_free>>;
using BioOwner = std::unique_ptr<BIO, Freed<BIO_free_all>>;

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

// A key with a passphrase would ask the terminal; a nightly job has none.
int no_passphrase(char*, int, int, void*) { return 0; }

// Text that does not stay in freed memory.
struct Secret {
  std::string text;
  explicit Secret(std::string secret) : text(std::move(secret)) {}
  Secret(const Secret&) = delete;
  Secret& operator=(const Secret&) = delete;
  ~Secret() { OPENSSL_cleanse(text.data(), text.size()); }
};

bool verifies(std::string_view message, const Signature& signature, const PublicKey& key) {
  const KeyOwner owner(EVP_PKEY_new_raw_public_key(EVP_PKEY_ED25519, nullptr, key.data(), key.size()));
  const ContextOwner context(EVP_MD_CTX_new());
  require(owner && context);
  require(EVP_DigestVerifyInit(context.get(), nullptr, nullptr, nullptr, owner.get()) == 1);
  const int verified =
      EVP_DigestVerify(context.get(), signature.data(), signature.size(), bytes_of(message), message.size());
  ERR_clear_error();
  return verified == 1;
}

// SEQUENCE { SEQUENCE { OBJECT IDENTIFIER 1.3.101.112 }, BIT STRING of 32 octets }
constexpr std::array<std::uint8_t, 12> KeyStart{0x30, 0x2a, 0x30, 0x05, 0x06, 0x03,
                                                0x2b, 0x65, 0x70, 0x03, 0x21, 0x00};

}  // namespace

struct PrivateKey::Parts {
  KeyOwner key;
};

std::optional<PublicKey> public_key_of_base64(std::string_view text) {
  const auto bytes = bytes_of_base64(text);
  PublicKey key{};
  if (!bytes || bytes->size() != KeyStart.size() + key.size()) return std::nullopt;
  if (!std::equal(KeyStart.begin(), KeyStart.end(), bytes->begin())) return std::nullopt;
  std::copy(bytes->begin() + KeyStart.size(), bytes->end(), key.begin());
  return key;
}

std::string base64_of(const PublicKey& key) {
  std::array<std::uint8_t, KeyStart.size() + std::tuple_size_v<PublicKey>> bytes{};
  std::copy(key.begin(), key.end(), std::copy(KeyStart.begin(), KeyStart.end(), bytes.begin()));
  return base64(Bytes(bytes.data(), bytes.size()));
}

bool is_signed(std::string_view message, const Signature& signature, const PublicKey& key) {
  if (verifies(message, signature, key)) return true;
  // OpenSSL does not tell a forged signature from no memory for the hash within, which throws here.
  EvpDigest probe(EVP_sha512());
  return verifies(message, signature, key);
}

PrivateKey::PrivateKey(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
PrivateKey::PrivateKey(PrivateKey&&) noexcept = default;
PrivateKey& PrivateKey::operator=(PrivateKey&&) noexcept = default;
PrivateKey::~PrivateKey() = default;

PrivateKey PrivateKey::generate() {
  auto parts = std::make_unique<Parts>();
  parts->key.reset(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
  require(parts->key != nullptr);
  return PrivateKey(std::move(parts));
}

Result<PrivateKey> PrivateKey::of_pem(std::string_view pem) {
  const BioOwner bio(BIO_new_mem_buf(pem.data(), static_cast<int>(pem.size())));
  require(bio != nullptr);
  auto parts = std::make_unique<Parts>();
  parts->key.reset(PEM_read_bio_PrivateKey(bio.get(), nullptr, no_passphrase, nullptr));
  throw_if_out_of_memory();
  ERR_clear_error();
  if (!parts->key) return fail("no private key in PEM without a passphrase");
  if (EVP_PKEY_get_id(parts->key.get()) != EVP_PKEY_ED25519) return fail("not an Ed25519 key");
  return PrivateKey(std::move(parts));
}

std::string PrivateKey::pem() const {
  const BioOwner bio(BIO_new(BIO_s_secmem()));
  require(bio != nullptr);
  require(PEM_write_bio_PKCS8PrivateKey(bio.get(), parts_->key.get(), nullptr, nullptr, 0, nullptr,
                                        nullptr) == 1);
  char* text = nullptr;
  const long size = BIO_get_mem_data(bio.get(), &text);
  return std::string(text, static_cast<std::size_t>(size));
}

PublicKey PrivateKey::public_key() const {
  PublicKey key{};
  std::size_t size = key.size();
  require(EVP_PKEY_get_raw_public_key(parts_->key.get(), key.data(), &size) == 1 && size == key.size());
  return key;
}

Signature PrivateKey::sign(std::string_view message) const {
  const ContextOwner context(EVP_MD_CTX_new());
  require(context != nullptr);
  Signature signature{};
  std::size_t size = signature.size();
  require(EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, parts_->key.get()) == 1);
  require(EVP_DigestSign(context.get(), signature.data(), &size, bytes_of(message), message.size()) == 1 &&
          size == signature.size());
  return signature;
}

Result<PrivateKey> read_private_key(const Path& file) {
  {
    GREFFE_TRY(const InputFile input, open_input(file));
    struct stat status {};
    if (::fstat(input.file.descriptor(), &status) != 0) return fail_errno(file.string());
    if ((status.st_mode & 077) != 0)
      return fail("{}: mode {:04o}; a private key is for its owner alone (chmod 600)", file.string(),
                  status.st_mode & 07777);
  }
  GREFFE_TRY(std::string text, read_text(file, LargestKeyFile));
  const Secret pem(std::move(text));
  auto key = PrivateKey::of_pem(pem.text);
  if (!key) return fail_within(file.string(), key);
  return key;
}

Status write_private_key(const Path& file, const PrivateKey& key) {
  AtomicFile::remove_abandoned(file);
  GREFFE_TRY(AtomicFile written, AtomicFile::create(file));
  if (::fchmod(written.file().descriptor(), OwnerOnly) != 0) return fail_errno(file.string());
  const Secret pem(key.pem());
  GREFFE_CHECK(written.write(pem.text));
  return written.commit(AtomicFile::IfThere::Fail);
}

}  // namespace greffe::fixity
