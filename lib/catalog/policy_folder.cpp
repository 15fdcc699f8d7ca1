#include "catalog/policy_folder.h"

#include "catalog/numbered_files.h"
#include "catalog/rule_json.h"
#include "json/reader.h"

namespace greffe::catalog {
namespace {

constexpr std::string_view ActivationSchema = "greffe.activation/1";
constexpr std::string_view LockSchema = "greffe.policy-lock/1";
constexpr std::string_view EventSchema = "greffe.event/1";
constexpr std::uint64_t LargestFile = 64u << 20;

json::Object json_of(const DecidedBy& by) {
  json::Object object{{"uid", by.uid}};
  if (!by.sudo_user.empty()) object.set("sudo_user", by.sudo_user);
  return object;
}

DecidedBy read_by(json::Reader& reader) {
  const json::Value* value = reader.find("actor");
  if (value == nullptr) {
    reader.refuse("actor", "missing");
    return {};
  }
  json::Reader actor(*value, reader.place_of("actor"));
  DecidedBy by{.uid = actor.integer("uid"), .sudo_user = actor.find_text("sudo_user").value_or("")};
  if (!actor.status()) reader.refuse("actor", actor.status().error().message());
  return by;
}

WallTime read_time(json::Reader& reader, std::string_view name) {
  const auto time = parse_rfc3339(reader.text(name));
  if (!time) reader.refuse(name, "expected a time as RFC 3339 has it");
  return time ? *time : WallTime{};
}

CivilDate read_date(json::Reader& reader, std::string_view name) {
  const auto date = parse_date(reader.text(name));
  if (!date) reader.refuse(name, "expected a day such as 2026-11-20");
  return date ? *date : CivilDate{};
}

EventResult read_result(json::Reader& reader) {
  const json::Value* value = reader.find("result");
  if (value == nullptr) return {};
  json::Reader result(*value, reader.place_of("result"));
  EventResult read{.sooner = result.find_integer("sooner").value_or(0),
                   .later = result.find_integer("later").value_or(0)};
  if (const auto earliest = result.find_text("earliest")) {
    const auto date = parse_date(*earliest);
    if (!date) reader.refuse("result", "expected a day such as 2026-11-20");
    if (date) read.earliest = *date;
  }
  if (!result.status()) reader.refuse("result", result.status().error().message());
  return read;
}

json::Object json_of(const EventResult& result) {
  json::Object object{{"sooner", result.sooner}, {"later", result.later}};
  if (result.earliest) object.set("earliest", greffe::text_of(*result.earliest));
  return object;
}

Result<ActivationRecord> activation_of(const json::Value& value) {
  json::Reader reader(value, "");
  if (reader.text("schema") != ActivationSchema) reader.refuse("schema", "another one is expected");
  ActivationRecord record;
  record.activation = {.number = reader.integer("number"),
                       .version = reader.integer("version"),
                       .effective = read_date(reader, "effective")};
  record.decided = read_time(reader, "decided");
  record.reason = reader.text("reason");
  record.by = read_by(reader);
  const auto diff = fixity::Digest::of_hex(reader.text("diff_sha256"));
  if (!diff) reader.refuse("diff_sha256", "expected 64 hex digits");
  record.diff = diff.value_or(fixity::Digest{});
  record.clock_jump = reader.find_text("clock_jump").value_or("");
  GREFFE_CHECK(reader.status());
  return record;
}

Result<LockRecord> lock_of(const json::Value& value) {
  json::Reader reader(value, "");
  if (reader.text("schema") != LockSchema) reader.refuse("schema", "another one is expected");
  LockRecord record{.version = reader.integer("version"),
                    .decided = read_time(reader, "decided"),
                    .reason = reader.find_text("reason").value_or(""),
                    .by = read_by(reader)};
  GREFFE_CHECK(reader.status());
  return record;
}

Result<EventRecord> event_of(const json::Value& value) {
  json::Reader reader(value, "");
  if (reader.text("schema") != EventSchema) reader.refuse("schema", "another one is expected");
  EventRecord record;
  record.event = {.number = reader.integer("number"),
                  .type = reader.text("type"),
                  .effective = read_date(reader, "effective"),
                  .supersedes = reader.find_integer("supersedes"),
                  .withdrawn = reader.boolean("withdrawn", false)};
  for (const json::Value& meeting : reader.array("meetings")) {
    if (meeting.find_text() == nullptr)
      reader.refuse("meetings", "expected ids of meetings");
    else
      record.meetings.push_back(*meeting.find_text());
  }
  record.query = reader.find_text("query").value_or("");
  record.evidence = reader.find_text("evidence").value_or("");
  record.recorded = read_time(reader, "recorded");
  record.by = read_by(reader);
  record.result = read_result(reader);
  GREFFE_CHECK(reader.status());
  return record;
}

// What the file says, which must be of the number its name has.
template <class Read, class Number>
auto read_record(const Path& file, std::int64_t number, Read read, Number number_in)
    -> decltype(read(json::Value())) {
  GREFFE_TRY(const json::Value value, read_json(file));
  auto record = read(value);
  if (!record) return not_whole(file, record);
  if (number_in(*record) != number)
    return fail(ErrorKind::Integrity, "{}: has the number {} in it", file.string(), number_in(*record));
  return record;
}

Result<PolicyRecord> read_rules(const Path& folder, std::int64_t version) {
  const Path file = folder / rules_file(version);
  GREFFE_TRY(const std::string text, read_text(file, LargestFile));
  auto policy = parse_policy(text);
  if (!policy) return not_whole(file, policy);
  if (policy->version != version)
    return fail(ErrorKind::Integrity, "{}: has the version {} in it", file.string(), policy->version);
  return PolicyRecord{.policy = std::move(*policy), .digest = fixity::digest_of(text)};
}

}  // namespace

std::string rules_file(std::int64_t version) { return fmt::format("rules-{}.json", version); }
std::string activation_file(std::int64_t number) { return fmt::format("activation-{}.json", number); }
std::string lock_file(std::int64_t version) { return fmt::format("lock-{}.json", version); }
std::string event_file(std::int64_t number) { return fmt::format("event-{}.json", number); }

std::string text_of(const ActivationRecord& record) {
  json::Object object{{"schema", ActivationSchema},
                      {"number", record.activation.number},
                      {"version", record.activation.version},
                      {"decided", rfc3339(record.decided)},
                      {"effective", greffe::text_of(record.activation.effective)},
                      {"reason", record.reason},
                      {"actor", json_of(record.by)},
                      {"diff_sha256", record.diff.hex()}};
  if (!record.clock_jump.empty()) object.set("clock_jump", record.clock_jump);
  return json::write(object, json::Style::Indented);
}

std::string text_of(const LockRecord& record) {
  return json::write(json::Object{{"schema", LockSchema},
                                  {"version", record.version},
                                  {"decided", rfc3339(record.decided)},
                                  {"reason", record.reason},
                                  {"actor", json_of(record.by)}},
                     json::Style::Indented);
}

std::string text_of(const EventRecord& record) {
  json::Object object{{"schema", EventSchema},
                      {"number", record.event.number},
                      {"type", record.event.type},
                      {"effective", greffe::text_of(record.event.effective)},
                      {"recorded", rfc3339(record.recorded)},
                      {"actor", json_of(record.by)}};
  if (record.event.supersedes) object.set("supersedes", *record.event.supersedes);
  if (record.event.withdrawn) object.set("withdrawn", true);
  if (!record.evidence.empty()) object.set("evidence", record.evidence);
  if (!record.query.empty()) object.set("query", record.query);
  object.set("result", json_of(record.result));
  object.set("meetings", json::Array(record.meetings.begin(), record.meetings.end()));
  return json::write(object, json::Style::Indented);
}

std::vector<retention::Policy> PolicyRecords::plain_policies() const {
  std::vector<retention::Policy> plain;
  for (const PolicyRecord& record : policies) plain.push_back(record.policy);
  return plain;
}

std::vector<retention::Activation> PolicyRecords::plain_activations() const {
  std::vector<retention::Activation> plain;
  for (const ActivationRecord& record : activations) plain.push_back(record.activation);
  return plain;
}

Result<PolicyRecords> read_policy_records(const Path& folder) {
  PolicyRecords records;
  GREFFE_TRY(const std::int64_t versions, count_in(folder, "rules-"));
  for (std::int64_t version = 1; version <= versions; ++version) {
    GREFFE_TRY(PolicyRecord record, read_rules(folder, version));
    records.policies.push_back(std::move(record));
  }
  GREFFE_TRY(const std::int64_t activations, count_in(folder, "activation-"));
  for (std::int64_t number = 1; number <= activations; ++number) {
    const Path file = folder / activation_file(number);
    GREFFE_TRY(ActivationRecord record,
               read_record(file, number, activation_of,
                           [](const ActivationRecord& read) { return read.activation.number; }));
    if (record.activation.version < 1 || record.activation.version > versions)
      return fail(ErrorKind::Integrity, "{}: there is no version {}", file.string(),
                  record.activation.version);
    records.activations.push_back(std::move(record));
  }
  GREFFE_TRY(const auto locks, numbers_in(folder, "lock-"));
  for (const std::int64_t version : locks) {
    const Path file = folder / lock_file(version);
    GREFFE_TRY(LockRecord record,
               read_record(file, version, lock_of, [](const LockRecord& read) { return read.version; }));
    if (version > versions)
      return fail(ErrorKind::Integrity, "{}: there is no version {}", file.string(), version);
    records.locks.push_back(std::move(record));
  }
  return records;
}

Result<std::int64_t> count_events(const Path& folder) { return count_in(folder, "event-"); }

Result<EventRecord> read_event(const Path& folder, std::int64_t number) {
  return read_record(folder / event_file(number), number, event_of,
                     [](const EventRecord& read) { return read.event.number; });
}

}  // namespace greffe::catalog
