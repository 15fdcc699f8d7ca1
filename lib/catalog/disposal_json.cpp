#include "catalog/disposal_json.h"

#include "base/base64.h"
#include "catalog/disposal_reader.h"
#include "fixity/signing_key.h"

namespace greffe::catalog {
namespace {

constexpr std::string_view ListSchema = "greffe.disposal-list/1";
constexpr std::string_view VisaSchema = "greffe.visa/1";
constexpr std::string_view VisaTextSchema = "greffe.visa-text/1";
constexpr std::size_t SignatureBytes = 64;  // Ed25519, RFC 8032 §5.1.6

json::Array texts_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

template <class Items>
json::Array objects_of(const Items& items) {
  json::Array array;
  for (const auto& item : items) array.push_back(json_of(item));
  return array;
}

void set_text(json::Object& object, std::string_view name, const std::string& text) {
  if (!text.empty()) object.set(name, text);
}

void set_day(json::Object& object, std::string_view name, std::optional<CivilDate> day) {
  if (day) object.set(name, greffe::text_of(*day));
}

// What was read must be all that stands there: digests and signatures are of what we write.
Status same_as(const json::Value& value, const json::Object& read) {
  if (json::write(value, json::Style::Canonical) == json::write(read, json::Style::Canonical)) return {};
  return fail("it has more in it than it should, or what is not written as it should be");
}

ListLine read_line(RecordReader& reader) {
  ListLine line{
      .meeting = reader.meeting("meeting"),
      .record_class = reader.text("class"),
      .producers = reader.texts("producers"),
      .start_unix_ms = reader.number("start_unix_ms", -RecordReader::MostUnixMs, RecordReader::MostUnixMs),
      .end_unix_ms = reader.number("end_unix_ms", -RecordReader::MostUnixMs, RecordReader::MostUnixMs),
      .bytes = reader.number("bytes"),
      .files = reader.number("files"),
      .manifest = {},
      .rule = reader.some_text("rule"),
      .retention_start = reader.find_day("retention_start"),
      .keep_until = reader.find_day("keep_until"),
      .due_from = reader.day("due_from"),
      .ingested_in_error = reader.boolean("ingested_in_error"),
      .terms = {},
      .commitment = reader.hex("commitment", 2 * fixity::Digest::Size)};
  line.manifest = fixity::Digest::of_hex(reader.hex("manifest_sha256", 2 * fixity::Digest::Size))
                      .value_or(fixity::Digest{});
  line.terms = {.approvers = static_cast<int>(reader.number("approvers", 1, retention::MostApprovers)),
                .signed_approval = reader.boolean("signed_approval"),
                .grace_days = static_cast<int>(reader.number("grace_days", 0, retention::MostGraceDays))};
  if (line.end_unix_ms < line.start_unix_ms) reader.refuse("end_unix_ms", "before the start");
  return line;
}

VisaLine read_visa_line(RecordReader& reader) {
  VisaLine line{.meeting = reader.meeting("meeting"),
                .verdict = retention::Verdict::Refuse,
                .until = reader.find_day("until"),
                .remark = reader.any_text("remark")};
  const auto verdict = retention::find_verdict(reader.text("verdict"));
  if (!verdict) reader.refuse("verdict", "expected accept, refuse or defer");
  line.verdict = verdict.value_or(line.verdict);
  if ((line.verdict == retention::Verdict::Defer) != line.until.has_value())
    reader.refuse("until", "a line that is deferred has it, and no other");
  return line;
}

// Also that there is at least one.
template <class Line>
void check_order(RecordReader& reader, const std::vector<Line>& lines) {
  if (lines.empty()) reader.refuse("lines", "empty");
  for (std::size_t i = 1; i < lines.size(); ++i)
    if (lines[i].meeting <= lines[i - 1].meeting)
      reader.refuse("lines", "expected in the order of their meetings, each once");
}

// The sum may not overflow, nor leave what JSON numbers hold.
void check_sum(RecordReader& reader, const std::vector<ListLine>& lines) {
  std::int64_t sum = 0;
  for (const ListLine& line : lines) {
    sum += line.bytes;
    if (sum > RecordReader::MostBytes) return reader.refuse("lines", "more bytes than there can be");
  }
}

bool is_signature(std::string_view text) {
  const auto bytes = bytes_of_base64(text);
  return bytes && bytes->size() == SignatureBytes;
}

std::string read_public_key(RecordReader& reader) {
  std::string key = reader.any_text("public_key");
  if (!key.empty() && !fixity::public_key_of_base64(key)) reader.refuse("public_key", "no Ed25519 key");
  return key;
}

}  // namespace

json::Object json_of(const Person& person) {
  return {{"login", person.login}, {"uid", person.uid}, {"host", person.host}};
}

json::Object json_of(const ListLine& line) {
  json::Object object{{"meeting", line.meeting},
                      {"class", line.record_class},
                      {"producers", texts_of(line.producers)},
                      {"start_unix_ms", line.start_unix_ms},
                      {"end_unix_ms", line.end_unix_ms},
                      {"bytes", line.bytes},
                      {"files", line.files},
                      {"manifest_sha256", line.manifest.hex()},
                      {"rule", line.rule}};
  set_day(object, "retention_start", line.retention_start);
  set_day(object, "keep_until", line.keep_until);
  set_day(object, "due_from", line.due_from);
  if (line.ingested_in_error) object.set("ingested_in_error", true);
  object.set("approvers", line.terms.approvers);
  if (line.terms.signed_approval) object.set("signed_approval", true);
  object.set("grace_days", line.terms.grace_days);
  object.set("commitment", line.commitment);
  return object;
}

json::Object json_of(const DisposalList& list) {
  json::Object object{{"schema", ListSchema},       {"id", list.id},
                      {"made", rfc3339(list.made)}, {"day", greffe::text_of(list.day)},
                      {"actor", json_of(list.by)},  {"policy_version", list.policy_version},
                      {"scope", list.scope}};
  set_text(object, "note", list.note);
  set_text(object, "clock_jump", list.clock_jump);
  set_text(object, "public_key", list.public_key);
  object.set("final_action", "destroy");
  object.set("count", list.lines.size());
  object.set("bytes", list.bytes());
  object.set("lines", objects_of(list.lines));
  return object;
}

json::Object json_of(const VisaLine& line) {
  json::Object object{{"meeting", line.meeting}, {"verdict", retention::name_of(line.verdict)}};
  set_day(object, "until", line.until);
  set_text(object, "remark", line.remark);
  return object;
}

json::Object json_of(const VisaText& text) {
  return {{"schema", VisaTextSchema},        {"list", text.list},
          {"list_sha512", text.list_sha512}, {"valid_until", greffe::text_of(text.valid_until)},
          {"reason", text.reason},           {"lines", objects_of(text.lines)}};
}

json::Object json_of(const Visa& visa) {
  json::Object object{{"schema", VisaSchema},
                      {"number", visa.number},
                      {"given", rfc3339(visa.given)},
                      {"day", greffe::text_of(visa.day)},
                      {"actor", json_of(visa.by)}};
  set_text(object, "key", visa.key);
  set_text(object, "signature", visa.signature);
  set_text(object, "public_key", visa.public_key);
  set_text(object, "clock_jump", visa.clock_jump);
  object.set("said", json_of(visa.said));
  return object;
}

Result<DisposalList> list_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(ListSchema);
  DisposalList list{.id = reader.list("id"),
                    .made = reader.instant("made"),
                    .day = reader.day("day"),
                    .by = reader.person("actor"),
                    .policy_version = reader.number("policy_version"),
                    .scope = reader.text("scope"),
                    .note = reader.any_text("note"),
                    .clock_jump = reader.any_text("clock_jump"),
                    .public_key = read_public_key(reader),
                    .lines = reader.items<ListLine>("lines", read_line)};
  check_order(reader, list.lines);
  check_sum(reader, list.lines);
  GREFFE_CHECK(reader.status());
  GREFFE_CHECK(same_as(value, json_of(list)));
  return list;
}

Result<ListLine> line_of(const json::Value& value, const std::string& place) {
  RecordReader reader(value, place);
  ListLine line = read_line(reader);
  GREFFE_CHECK(reader.status());
  return line;
}

Result<VisaText> visa_text_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(VisaTextSchema);
  VisaText text{.list = reader.list("list"),
                .list_sha512 = reader.hex("list_sha512", 128),
                .valid_until = reader.day("valid_until"),
                .reason = reader.text("reason"),
                .lines = reader.items<VisaLine>("lines", read_visa_line)};
  check_order(reader, text.lines);
  GREFFE_CHECK(reader.status());
  GREFFE_CHECK(same_as(value, json_of(text)));
  return text;
}

Result<Visa> visa_of(const json::Value& value) {
  RecordReader reader(value, "");
  reader.schema(VisaSchema);
  Visa visa{.number = reader.number("number", 1),
            .said = {},
            .given = reader.instant("given"),
            .day = reader.day("day"),
            .by = reader.person("actor"),
            .key = reader.any_text("key"),
            .signature = reader.any_text("signature"),
            .public_key = read_public_key(reader),
            .clock_jump = reader.any_text("clock_jump")};
  if (visa.key.empty() != visa.signature.empty())
    reader.refuse("signature", "it has a key, and a key has it");
  if (!visa.signature.empty() && !is_signature(visa.signature))
    reader.refuse("signature", "expected 64 bytes in base64");
  if (!visa.public_key.empty() && visa.signature.empty()) reader.refuse("public_key", "it has no signature");
  auto said = visa_text_of(reader.object("said"));
  GREFFE_CHECK(reader.status());
  if (!said) return fail_within("said", said);
  visa.said = std::move(*said);
  GREFFE_CHECK(same_as(value, json_of(visa)));
  return visa;
}

Result<VisaText> VisaText::parse(std::string_view text) {
  GREFFE_TRY(const json::Value value, json::parse(text, {.bytes = LargestList}));
  GREFFE_TRY(VisaText read, visa_text_of(value));
  // A newline at its end is what editors leave; signed is what stands before it.
  const std::string_view line = text.ends_with('\n') ? text.substr(0, text.size() - 1) : text;
  if (line != read.text()) return fail("it is not written as canonical JSON (RFC 8785)");
  return read;
}

std::string VisaText::text() const { return json::write(json_of(*this), json::Style::Canonical); }

std::string text_of(const DisposalList& list) { return json::write(json_of(list), json::Style::Indented); }
std::string text_of(const Visa& visa) { return json::write(json_of(visa), json::Style::Indented); }

}  // namespace greffe::catalog
