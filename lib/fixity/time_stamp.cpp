#include "fixity/time_stamp.h"

#include <openssl/asn1.h>
#include <openssl/bn.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/ts.h>
#include <openssl/x509.h>

#include <array>
#include <ctime>
#include <memory>
#include <vector>

#include "base/random.h"
#include "fixity/openssl.h"

namespace greffe::fixity {
namespace {

constexpr std::size_t NonceBytes = 8;
constexpr std::uint64_t LargestCertificates = 1u << 22;

using RequestOwner = std::unique_ptr<TS_REQ, Freed<TS_REQ_free>>;
using ReplyOwner = std::unique_ptr<TS_RESP, Freed<TS_RESP_free>>;
using ContextOwner = std::unique_ptr<TS_VERIFY_CTX, Freed<TS_VERIFY_CTX_free>>;
using ImprintOwner = std::unique_ptr<TS_MSG_IMPRINT, Freed<TS_MSG_IMPRINT_free>>;
using AlgorithmOwner = std::unique_ptr<X509_ALGOR, Freed<X509_ALGOR_free>>;
using IntegerOwner = std::unique_ptr<ASN1_INTEGER, Freed<ASN1_INTEGER_free>>;
using NumberOwner = std::unique_ptr<BIGNUM, Freed<BN_free>>;
using StoreOwner = std::unique_ptr<X509_STORE, Freed<X509_STORE_free>>;
using BioOwner = std::unique_ptr<BIO, Freed<BIO_free_all>>;
void free_certificates(STACK_OF(X509) * certificates) { sk_X509_pop_free(certificates, X509_free); }
using CertificatesOwner = std::unique_ptr<STACK_OF(X509), Freed<free_certificates>>;

const std::uint8_t* bytes_of(std::string_view text) {
  return reinterpret_cast<const std::uint8_t*>(text.data());
}

using Sha512 = std::array<std::uint8_t, 64>;
Sha512 sha512_of(std::string_view text) {
  Sha512 digest{};
  require(EVP_Digest(text.data(), text.size(), digest.data(), nullptr, EVP_sha512(), nullptr) == 1);
  return digest;
}

ImprintOwner imprint_of(std::string_view text) {
  Sha512 digest = sha512_of(text);
  ImprintOwner imprint(TS_MSG_IMPRINT_new());
  const AlgorithmOwner algorithm(X509_ALGOR_new());
  require(imprint && algorithm);
  require(X509_ALGOR_set0(algorithm.get(), OBJ_nid2obj(NID_sha512), V_ASN1_NULL, nullptr) == 1);
  require(TS_MSG_IMPRINT_set_algo(imprint.get(), algorithm.get()) == 1);
  require(TS_MSG_IMPRINT_set_msg(imprint.get(), digest.data(), static_cast<int>(digest.size())) == 1);
  return imprint;
}

IntegerOwner random_nonce() {
  std::array<std::uint8_t, NonceBytes> bytes{};
  random_bytes(bytes);
  const NumberOwner number(BN_bin2bn(bytes.data(), static_cast<int>(bytes.size()), nullptr));
  require(number != nullptr);
  IntegerOwner nonce(BN_to_ASN1_INTEGER(number.get(), nullptr));
  require(nonce != nullptr);
  return nonce;
}

// Both take all of the bytes, or nothing.
RequestOwner request_of(std::string_view der) {
  const std::uint8_t* at = bytes_of(der);
  RequestOwner request(d2i_TS_REQ(nullptr, &at, static_cast<long>(der.size())));
  return at == bytes_of(der) + der.size() ? std::move(request) : nullptr;
}
ReplyOwner reply_of(std::string_view der) {
  const std::uint8_t* at = bytes_of(der);
  ReplyOwner reply(d2i_TS_RESP(nullptr, &at, static_cast<long>(der.size())));
  return at == bytes_of(der) + der.size() ? std::move(reply) : nullptr;
}

Result<TimeStamp> stamp_of(TS_RESP* reply) {
  const ASN1_INTEGER* status = TS_STATUS_INFO_get0_status(TS_RESP_get_status_info(reply));
  const long granted = status ? ASN1_INTEGER_get(status) : -1;
  TS_TST_INFO* info = TS_RESP_get_tst_info(reply);
  if ((granted != TS_STATUS_GRANTED && granted != TS_STATUS_GRANTED_WITH_MODS) || !info)
    return fail("the authority has refused (status {})", granted);
  std::tm civil{};
  if (ASN1_TIME_to_tm(TS_TST_INFO_get_time(info), &civil) != 1) return fail("a time stamp without a time");
  TimeStamp stamp{.time = WallTime(std::chrono::seconds(::timegm(&civil)))};
  const NumberOwner serial(ASN1_INTEGER_to_BN(TS_TST_INFO_get_serial(info), nullptr));
  if (char* hex = serial ? BN_bn2hex(serial.get()) : nullptr) {
    stamp.serial = hex;
    OPENSSL_free(hex);
  }
  return stamp;
}

Result<StoreOwner> store_of(const TimeStampTrust& trust, WallTime at) {
  // Looked at first for a message that names the file.
  GREFFE_CHECK(read_text(trust.authorities, LargestCertificates));
  StoreOwner store(X509_STORE_new());
  require(store != nullptr);
  if (X509_STORE_load_file(store.get(), trust.authorities.c_str()) != 1)
    return fail("{}: no certificates in PEM: {}", trust.authorities.string(), newest_reason());
  X509_VERIFY_PARAM* parameters = X509_STORE_get0_param(store.get());
  X509_VERIFY_PARAM_set_purpose(parameters, X509_PURPOSE_TIMESTAMP_SIGN);
  const auto seconds = std::chrono::floor<std::chrono::seconds>(at.time_since_epoch());
  X509_VERIFY_PARAM_set_time(parameters, static_cast<std::time_t>(seconds.count()));
  return store;
}

Result<CertificatesOwner> certificates_of(const Path& file) {
  GREFFE_CHECK(read_text(file, LargestCertificates));
  CertificatesOwner certificates(TS_CONF_load_certs(file.c_str()));
  if (!certificates) return fail("{}: no certificates in PEM: {}", file.string(), newest_reason());
  return certificates;
}

// What the reply is to be held against: the request, where it is there, else the text alone.
Result<ContextOwner> context_of(std::string_view text, std::optional<std::string_view> request) {
  if (request) {
    const RequestOwner asked = request_of(*request);
    if (!asked) return fail(ErrorKind::Integrity, "no time stamp request: {}", newest_reason());
    ContextOwner context(TS_REQ_to_TS_VERIFY_CTX(asked.get(), nullptr));
    if (!context) return fail("time stamp request: {}", newest_reason());
    return context;
  }
  ContextOwner context(TS_VERIFY_CTX_new());
  require(context != nullptr);
  const Sha512 digest = sha512_of(text);
  // The context takes both.
  auto* const imprint = static_cast<std::uint8_t*>(OPENSSL_memdup(digest.data(), digest.size()));
  require(imprint != nullptr);
  TS_VERIFY_CTX_set_imprint(context.get(), imprint, static_cast<long>(digest.size()));
  TS_VERIFY_CTX_set_flags(context.get(), TS_VFY_VERSION | TS_VFY_IMPRINT | TS_VFY_SIGNER | TS_VFY_SIGNATURE);
  return context;
}

// The imprint in the reply must be SHA-512 of the text: a request may have been exchanged with its reply.
bool is_over(TS_RESP* reply, std::string_view text) {
  TS_TST_INFO* info = TS_RESP_get_tst_info(reply);
  TS_MSG_IMPRINT* imprint = info ? TS_TST_INFO_get_msg_imprint(info) : nullptr;
  if (!imprint) return false;
  const ASN1_OBJECT* algorithm = nullptr;
  X509_ALGOR_get0(&algorithm, nullptr, nullptr, TS_MSG_IMPRINT_get_algo(imprint));
  const ASN1_OCTET_STRING* octets = TS_MSG_IMPRINT_get_msg(imprint);
  const Sha512 digest = sha512_of(text);
  const std::string_view stamped(reinterpret_cast<const char*>(ASN1_STRING_get0_data(octets)),
                                 static_cast<std::size_t>(ASN1_STRING_length(octets)));
  const std::string_view wanted(reinterpret_cast<const char*>(digest.data()), digest.size());
  return OBJ_obj2nid(algorithm) == NID_sha512 && stamped == wanted;
}

}  // namespace

std::string time_stamp_request(std::string_view text) {
  const RequestOwner request(TS_REQ_new());
  require(request != nullptr);
  const ImprintOwner imprint = imprint_of(text);
  const IntegerOwner nonce = random_nonce();
  require(TS_REQ_set_version(request.get(), 1) == 1);
  require(TS_REQ_set_msg_imprint(request.get(), imprint.get()) == 1);
  require(TS_REQ_set_nonce(request.get(), nonce.get()) == 1);
  require(TS_REQ_set_cert_req(request.get(), 1) == 1);
  std::uint8_t* der = nullptr;
  const int size = i2d_TS_REQ(request.get(), &der);
  require(size > 0);
  std::string text_of_der(reinterpret_cast<const char*>(der), static_cast<std::size_t>(size));
  OPENSSL_free(der);
  return text_of_der;
}

Result<TimeStamp> read_time_stamp(std::string_view reply) {
  const ReplyOwner parsed = reply_of(reply);
  if (!parsed) return fail("no time stamp reply: {}", newest_reason());
  return stamp_of(parsed.get());
}

Result<TimeStamp> verify_time_stamp(std::string_view reply, std::string_view text,
                                    std::optional<std::string_view> request, const TimeStampTrust& trust) {
  const ReplyOwner parsed = reply_of(reply);
  if (!parsed) return fail(ErrorKind::Integrity, "no time stamp reply: {}", newest_reason());
  auto stamp = stamp_of(parsed.get());
  if (!stamp) return fail(ErrorKind::Integrity, "{}", stamp.error().message());
  if (!is_over(parsed.get(), text))
    return fail(ErrorKind::Integrity, "the time stamp is over something else");
  GREFFE_TRY(const ContextOwner context, context_of(text, request));
  GREFFE_TRY(StoreOwner store, store_of(trust, trust.at.value_or(stamp->time)));
  TS_VERIFY_CTX_set_store(context.get(), store.release());
  TS_VERIFY_CTX_add_flags(context.get(), TS_VFY_SIGNATURE);
  if (trust.untrusted) {
    GREFFE_TRY(CertificatesOwner untrusted, certificates_of(*trust.untrusted));
    TS_VERIFY_CTX_set_certs(context.get(), untrusted.release());
  }
  if (TS_RESP_verify_response(context.get(), parsed.get()) != 1)
    return fail(ErrorKind::Integrity, "the time stamp does not hold: {}", newest_reason());
  ERR_clear_error();
  return stamp;
}

}  // namespace greffe::fixity
