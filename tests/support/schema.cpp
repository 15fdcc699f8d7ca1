#include "support/schema.h"

#include <nlohmann/json.hpp>

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wconversion"
#pragma GCC diagnostic ignored "-Wshadow"
#pragma GCC diagnostic ignored "-Wnon-virtual-dtor"
#include <valijson/adapters/nlohmann_json_adapter.hpp>
#include <valijson/schema.hpp>
#include <valijson/schema_parser.hpp>
#include <valijson/validator.hpp>
#pragma GCC diagnostic pop

namespace greffe::test {

Result<std::vector<std::string>> violations(const json::Value& schema, const json::Value& document) {
  try {
    const auto schema_json = nlohmann::json::parse(json::write(schema));
    const auto document_json = nlohmann::json::parse(json::write(document));
    valijson::Schema parsed;
    valijson::SchemaParser(valijson::SchemaParser::kDraft7)
        .populateSchema(valijson::adapters::NlohmannJsonAdapter(schema_json), parsed);
    valijson::ValidationResults results;
    valijson::Validator().validate(parsed, valijson::adapters::NlohmannJsonAdapter(document_json), &results);
    std::vector<std::string> found;
    valijson::ValidationResults::Error error;
    while (results.popError(error)) {
      std::string place;
      for (const std::string& part : error.context) place += part;
      found.push_back(place + ": " + error.description);
    }
    return found;
  } catch (const std::exception& problem) {
    return fail("schema: {}", problem.what());
  }
}

}  // namespace greffe::test
