// Any bytes as the proof of an entry: what is accepted is written so that it reads the same again, and nobody
// vouches for it where nobody is trusted.
#include "journal/inclusion_proof.h"
#include "require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const auto value = json::parse(std::string_view(reinterpret_cast<const char*>(data), size));
  if (!value) return 0;
  const auto proof = journal::proof_of(*value);
  if (!proof) return 0;
  const json::Value written = journal::json_of(*proof);
  const auto again = journal::proof_of(written);
  fuzz::require(again && json::write(journal::json_of(*again)) == json::write(written));
  const auto check = journal::check_proof(*proof, {});
  fuzz::require(!check || !check->is_vouched_for());
  // A head of the same size that is another one contradicts it.
  if (!check) return 0;
  journal::ProofTrust trust;
  trust.heads.push_back(
      {.origin = check->checkpoint.origin, .size = check->checkpoint.size, .root = {}, .place = "elsewhere"});
  fuzz::require(!journal::check_proof(*proof, trust));
  return 0;
}
