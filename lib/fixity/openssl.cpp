#include "fixity/openssl.h"

#include <fmt/format.h>
#include <openssl/err.h>
#include <openssl/evp.h>

#include <cassert>
#include <new>
#include <stdexcept>

namespace greffe::fixity {

void require(bool done) {
  if (done) return;
  if (ERR_peek_last_error() == 0) throw std::bad_alloc();  // a small allocation leaves no reason
  throw std::runtime_error("OpenSSL: " + newest_reason());
}

void throw_if_out_of_memory() {
  if (ERR_GET_REASON(ERR_peek_last_error()) != ERR_R_MALLOC_FAILURE) return;
  ERR_clear_error();
  throw std::bad_alloc();
}

std::string newest_reason() {
  throw_if_out_of_memory();
  const unsigned long code = ERR_peek_last_error();
  const char* said = code == 0 ? nullptr : ERR_reason_error_string(code);
  std::string text = said ? said : "unknown";
  const char* more = nullptr;
  int flags = 0;
  if (ERR_peek_last_error_data(&more, &flags) != 0 && (flags & ERR_TXT_STRING) != 0 && more && *more != '\0')
    text += fmt::format(" ({})", more);
  ERR_clear_error();
  return text;
}

void EvpDigest::Release::operator()(evp_md_ctx_st* context) const { EVP_MD_CTX_free(context); }

EvpDigest::EvpDigest(const EVP_MD* kind) : kind_(kind), context_(EVP_MD_CTX_new()) {
  require(context_ && EVP_DigestInit_ex(context_.get(), kind_, nullptr) == 1);
}

void EvpDigest::update(Bytes bytes) {
  require(EVP_DigestUpdate(context_.get(), bytes.data(), bytes.size()) == 1);
}

void EvpDigest::finish(std::span<std::uint8_t> digest) {
  assert(digest.size() == static_cast<std::size_t>(EVP_MD_get_size(kind_)));
  require(EVP_DigestFinal_ex(context_.get(), digest.data(), nullptr) == 1);
  require(EVP_DigestInit_ex(context_.get(), kind_, nullptr) == 1);
}

}  // namespace greffe::fixity
