// Any bytes as each document of disposals/, and as rules: nothing throws, and what is accepted reads and
// writes the same again. Lists and what is signed of a visa are what was written and nothing else.
#include "catalog/disposal_json.h"
#include "catalog/rule_json.h"
#include "require.h"

namespace {

using namespace greffe;

template <class Record, class Read>
void check_record(const Result<Record>& read, Read read_again) {
  if (!read) return;
  const json::Object written = catalog::json_of(*read);
  const auto again = read_again(json::Value(written));
  fuzz::require(again && json::Value(catalog::json_of(*again)) == json::Value(written));
}

void check_documents(const json::Value& value) {
  using namespace catalog;
  const std::string canonical = json::write(value, json::Style::Canonical);
  if (const auto list = list_of(value)) {
    fuzz::require(json::write(json_of(*list), json::Style::Canonical) == canonical);
    fuzz::require(list->digest().size() == 128 && list->find(list->lines.front().meeting) != nullptr);
  }
  if (const auto visa = visa_of(value))
    fuzz::require(json::write(json_of(*visa), json::Style::Canonical) == canonical);
  check_record(visa_text_of(value), visa_text_of);
  check_record(trashed_of(value), trashed_of);
  check_record(restored_of(value), restored_of);
  check_record(tombstone_of(value), tombstone_of);
  check_record(certificate_of(value), certificate_of);
  check_record(request_of(value), request_of);
  check_record(answer_of(value), answer_of);
  const ReadPolicy policy = read_policy(value);
  if (policy.mistakes.empty() && policy.policy.version > 0) {
    const auto again = parse_policy(catalog::text_of(policy.policy));
    fuzz::require(again && again->says_as(policy.policy));
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto said = catalog::VisaText::parse(text)) {
    const std::string signed_text = said->text();
    fuzz::require(text == signed_text || text == signed_text + "\n");
  }
  if (const auto value = json::parse(text)) check_documents(*value);
  return 0;
}
