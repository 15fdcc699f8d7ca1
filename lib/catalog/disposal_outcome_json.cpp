// What came of the lines of a list, and requests for erasure.
#include "catalog/disposal_json.h"
#include "catalog/disposal_reader.h"

namespace greffe::catalog {
namespace {

constexpr std::string_view TrashedSchema = "greffe.trashed/1";
constexpr std::string_view RestoredSchema = "greffe.restored/1";
constexpr std::string_view TombstoneSchema = "greffe.tombstone/1";
constexpr std::string_view CertificateSchema = "greffe.certificate/1";
constexpr std::string_view RequestSchema = "greffe.erasure-request/1";
constexpr std::string_view AnswerSchema = "greffe.erasure-answer/1";
constexpr std::size_t Sha256Digits = 64, Sha512Digits = 128;

template <class Items>
json::Array values_of(const Items& items) {
  return {items.begin(), items.end()};
}

void set_states(json::Object& object, const std::map<std::string, std::string>& states) {
  if (states.empty()) return;
  json::Object by_meeting;
  for (const auto& [meeting, state] : states) by_meeting.set(meeting, state);
  object.set("states", std::move(by_meeting));
}

json::Object json_of(const TombstoneFile& file) { return {{"sha256", file.sha256}, {"bytes", file.bytes}}; }

json::Object json_of(const SkippedLine& line) {
  return {{"meeting", line.meeting}, {"code", line.code}, {"why", line.why}};
}

json::Object json_of(const CertifiedExport& made) {
  return {{"id", made.id},
          {"recipient", made.recipient},
          {"date", made.date},
          {"digest", made.digest},
          {"meetings", values_of(made.meetings)}};
}

template <class Items>
json::Array json_array(const Items& items) {
  json::Array array;
  for (const auto& item : items) array.push_back(json_of(item));
  return array;
}

ListLine read_frozen_line(RecordReader& reader) {
  const json::Value& value = reader.object("line");
  auto line = line_of(value, reader.place_of("line"));
  if (!line) reader.take(tl::unexpected(line.error()));
  return line.value_or(ListLine{});
}

SkippedLine read_skipped(RecordReader& reader) {
  return {.meeting = reader.meeting("meeting"), .code = reader.some_text("code"), .why = reader.text("why")};
}

CertifiedExport read_export(RecordReader& reader) {
  return {.id = reader.some_text("id"),
          .recipient = reader.text("recipient"),
          .date = reader.text("date"),
          .digest = reader.text("digest"),
          .meetings = reader.meetings("meetings")};
}

void read_journal(RecordReader& reader, Certificate& record) {
  RecordReader journal(reader.object("journal"), reader.place_of("journal"));
  record.first_entry = journal.number("first_entry");
  record.last_entry = journal.number("last_entry", record.first_entry);
  record.tree_head = journal.hex("tree_head", Sha256Digits);
  reader.take(journal.status());
}

std::string file_text(const json::Object& object) { return json::write(object, json::Style::Indented); }

}  // namespace

json::Object json_of(const Trashed& record) {
  return {{"schema", TrashedSchema},
          {"list", record.list},
          {"meeting", record.meeting},
          {"when", rfc3339(record.when)},
          {"day", greffe::text_of(record.day)},
          {"actor", json_of(record.by)},
          {"purge_from", greffe::text_of(record.purge_from)}};
}

json::Object json_of(const Restored& record) {
  json::Object object{{"schema", RestoredSchema},    {"list", record.list},
                      {"meeting", record.meeting},   {"when", rfc3339(record.when)},
                      {"actor", json_of(record.by)}, {"reason", record.reason}};
  if (!record.hold.empty()) object.set("hold", record.hold);
  return object;
}

json::Object json_of(const Tombstone& record) {
  return {{"schema", TombstoneSchema},
          {"list", record.list},
          {"list_sha512", record.list_sha512},
          {"meeting", record.meeting},
          {"line", json_of(record.line)},
          {"visas", values_of(record.visas)},
          {"dumps", json_array(record.dumps)},
          {"trashed", rfc3339(record.trashed)},
          {"destroyed", rfc3339(record.destroyed)},
          {"actor", json_of(record.by)},
          {"method", record.method},
          {"also_in", values_of(record.also_in)},
          {"exports", values_of(record.exports)}};
}

json::Object json_of(const Certificate& record) {
  return {{"schema", CertificateSchema},
          {"list", record.list},
          {"number", record.number},
          {"list_sha512", record.list_sha512},
          {"when", rfc3339(record.when)},
          {"actor", json_of(record.by)},
          {"visas", values_of(record.visas)},
          {"count", record.meetings.size()},
          {"bytes", record.bytes},
          {"method", record.method},
          {"state", record.state},
          {"meetings", values_of(record.meetings)},
          {"skipped", json_array(record.skipped)},
          {"exports", json_array(record.exports)},
          {"journal", json::Object{{"first_entry", record.first_entry},
                                   {"last_entry", record.last_entry},
                                   {"tree_head", record.tree_head}}}};
}

json::Object json_of(const ErasureRequest& record) {
  json::Object object{{"schema", RequestSchema},
                      {"number", record.number},
                      {"recorded", rfc3339(record.recorded)},
                      {"received", greffe::text_of(record.received)},
                      {"actor", json_of(record.by)},
                      {"reference", record.reference}};
  if (!record.note.empty()) object.set("note", record.note);
  object.set("meetings", values_of(record.meetings));
  set_states(object, record.states);
  return object;
}

json::Object json_of(const ErasureAnswer& record) {
  json::Object object{{"schema", AnswerSchema},       {"number", record.number},
                      {"when", rfc3339(record.when)}, {"actor", json_of(record.by)},
                      {"outcome", record.outcome},    {"reason", record.reason}};
  set_states(object, record.states);
  return object;
}

Result<Trashed> trashed_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(TrashedSchema);
  Trashed record{.list = reader.list("list"),
                 .meeting = reader.meeting("meeting"),
                 .when = reader.instant("when"),
                 .day = reader.day("day"),
                 .by = reader.person("actor"),
                 .purge_from = reader.day("purge_from")};
  if (record.purge_from < record.day) reader.refuse("purge_from", "before the day");
  GREFFE_CHECK(reader.status());
  return record;
}

Result<Restored> restored_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(RestoredSchema);
  Restored record{.list = reader.list("list"),
                  .meeting = reader.meeting("meeting"),
                  .when = reader.instant("when"),
                  .by = reader.person("actor"),
                  .reason = reader.text("reason"),
                  .hold = reader.any_text("hold")};
  GREFFE_CHECK(reader.status());
  return record;
}

Result<Tombstone> tombstone_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(TombstoneSchema);
  Tombstone record{.list = reader.list("list"),
                   .meeting = reader.meeting("meeting"),
                   .list_sha512 = reader.hex("list_sha512", Sha512Digits),
                   .line = read_frozen_line(reader),
                   .visas = reader.numbers("visas"),
                   .dumps = reader.items<TombstoneFile>("dumps",
                                                        [](RecordReader& file) {
                                                          return TombstoneFile{
                                                              .sha256 = file.hex("sha256", Sha256Digits),
                                                              .bytes = file.number("bytes")};
                                                        }),
                   .trashed = reader.instant("trashed"),
                   .destroyed = reader.instant("destroyed"),
                   .by = reader.person("actor"),
                   .method = reader.some_text("method"),
                   .also_in = reader.meetings("also_in"),
                   .exports = reader.texts("exports")};
  GREFFE_CHECK(reader.status());
  return record;
}

Result<Certificate> certificate_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(CertificateSchema);
  Certificate record{.list = reader.list("list"),
                     .number = reader.number("number", 1),
                     .list_sha512 = reader.hex("list_sha512", Sha512Digits),
                     .when = reader.instant("when"),
                     .by = reader.person("actor"),
                     .visas = reader.numbers("visas"),
                     .meetings = reader.meetings("meetings"),
                     .bytes = reader.number("bytes"),
                     .skipped = reader.items<SkippedLine>("skipped", read_skipped),
                     .method = reader.some_text("method"),
                     .state = reader.some_text("state"),
                     .exports = reader.items<CertifiedExport>("exports", read_export)};
  read_journal(reader, record);
  if (reader.number("count") != static_cast<std::int64_t>(record.meetings.size()))
    reader.refuse("count", "not that of its meetings");
  GREFFE_CHECK(reader.status());
  return record;
}

Result<ErasureRequest> request_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(RequestSchema);
  ErasureRequest record{.number = reader.number("number", 1),
                        .recorded = reader.instant("recorded"),
                        .received = reader.day("received"),
                        .by = reader.person("actor"),
                        .reference = reader.some_text("reference"),
                        .meetings = reader.meetings("meetings"),
                        .note = reader.any_text("note"),
                        .states = reader.states("states")};
  if (record.meetings.empty()) reader.refuse("meetings", "empty");
  GREFFE_CHECK(reader.status());
  return record;
}

Result<ErasureAnswer> answer_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(AnswerSchema);
  ErasureAnswer record{.number = reader.number("number", 1),
                       .when = reader.instant("when"),
                       .by = reader.person("actor"),
                       .outcome = reader.one_of("outcome", {"erased", "refused", "partly"}),
                       .reason = reader.text("reason"),
                       .states = reader.states("states")};
  GREFFE_CHECK(reader.status());
  return record;
}

std::string text_of(const Trashed& record) { return file_text(json_of(record)); }
std::string text_of(const Restored& record) { return file_text(json_of(record)); }
std::string text_of(const Tombstone& record) { return file_text(json_of(record)); }
std::string text_of(const Certificate& record) { return file_text(json_of(record)); }
std::string text_of(const ErasureRequest& record) { return file_text(json_of(record)); }
std::string text_of(const ErasureAnswer& record) { return file_text(json_of(record)); }

}  // namespace greffe::catalog
