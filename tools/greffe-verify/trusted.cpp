#include "greffe-verify/trusted.h"

#include "base/file.h"
#include "base/text.h"

namespace greffe::verify_tool {
namespace {

constexpr std::uint64_t LargestHead = 1u << 16;
constexpr std::uint64_t LargestKeyFile = 1u << 12;

}  // namespace

Result<journal::KnownHead> head_of(const std::string& given) {
  std::error_code error;
  if (!std::filesystem::exists(given, error)) return journal::head_of_text(given, "the head given");
  GREFFE_TRY(const std::string text, read_text(given, LargestHead));
  return journal::head_of_text(text, given);
}

Result<fixity::VerifierKey> key_of(const std::string& given) {
  std::error_code error;
  if (!std::filesystem::exists(given, error)) return fixity::VerifierKey::parse(given);
  GREFFE_TRY(const std::string text, read_text(given, LargestKeyFile));
  return fixity::VerifierKey::parse(trimmed(text));
}

}  // namespace greffe::verify_tool
