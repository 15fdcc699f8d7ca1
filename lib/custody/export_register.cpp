#include "custody/export_register.h"

#include <algorithm>

#include "catalog/numbered_files.h"
#include "custody/catalog_index.h"
#include "custody/write_once.h"
#include "json/reader.h"

namespace greffe::custody {
namespace {

constexpr std::uint64_t LargestRegisterFile = 64u << 20;
constexpr std::size_t MostMeetingsNamed = 64;  // in one entry; of more its file tells

json::Object json_of_meeting(const ExportedMeeting& meeting) {
  return {{"id", meeting.id},
          {"manifest_sha256", meeting.manifest.hex()},
          {"files", meeting.files},
          {"bytes", meeting.bytes}};
}

json::Object json_of_part(const ExportedPart& part) {
  return {{"name", part.name}, {"bytes", part.bytes}, {"file", part.file}, {"sha256", part.digest.hex()}};
}

fixity::Digest digest_in(json::Reader& reader, std::string_view name) {
  const auto digest = fixity::Digest::of_hex(reader.text(name));
  if (!digest) reader.refuse(name, "expected 64 hex digits");
  return digest.value_or(fixity::Digest{});
}

Status read_lists(json::Reader& reader, ExportRecord& record) {
  for (const json::Value& hold : reader.array("holds"))
    if (const std::string* id = hold.find_text()) record.holds.push_back(*id);
  for (const json::Value& value : reader.array("meetings")) {
    json::Reader item(value, "meetings");
    record.meetings.push_back({.id = item.text("id"),
                               .manifest = digest_in(item, "manifest_sha256"),
                               .files = item.integer("files"),
                               .bytes = item.integer("bytes")});
    GREFFE_CHECK(item.status());
  }
  for (const json::Value& value : reader.array("parts")) {
    json::Reader item(value, "parts");
    record.parts.push_back({.name = item.text("name"),
                            .bytes = item.integer("bytes"),
                            .file = item.text("file"),
                            .digest = digest_in(item, "sha256")});
    GREFFE_CHECK(item.status());
  }
  return {};
}

Result<ExportRecord> record_of_text(const std::string& text) {
  GREFFE_TRY(const json::Value value, json::parse(text));
  json::Reader reader(value, "");
  if (reader.text("schema") != ExportSchema)
    reader.refuse("schema", fmt::format("expected {}", ExportSchema));
  ExportRecord record{.number = reader.integer("number"),
                      .format = reader.text("format"),
                      .recipient = reader.find_text("recipient").value_or(""),
                      .reason = reader.find_text("reason").value_or(""),
                      .target = reader.text("target")};
  const std::string exported = reader.text("exported");
  const std::string date = reader.text("bagging_date");
  const json::Value actor_value = reader.object("actor");
  json::Reader actor(actor_value, "actor");
  record.by = {.uid = actor.integer("uid"), .sudo_user = actor.find_text("sudo_user").value_or("")};
  GREFFE_CHECK(read_lists(reader, record));
  GREFFE_CHECK(reader.status());
  GREFFE_CHECK(actor.status());
  GREFFE_TRY(record.exported, parse_rfc3339(exported));
  GREFFE_TRY(record.bagging_date, parse_date(date));
  return record;
}

Result<catalog::StoredExport> read_export(const catalog::Archive& archive, std::int64_t number) {
  const Path file = archive.root() / export_path(number);
  const auto read = [&]() -> Result<catalog::StoredExport> {
    GREFFE_TRY(const std::string text, read_text(file, LargestRegisterFile));
    GREFFE_TRY(ExportRecord record, record_of_text(text));
    if (record.number != number) return fail("has another number");
    return catalog::StoredExport{.record = std::move(record), .digest = fixity::digest_of(text)};
  };
  auto stored = read();
  if (!stored) return fail(ErrorKind::Integrity, "{}: {}", file.string(), stored.error().message());
  return stored;
}

Result<std::vector<catalog::StoredExport>> read_exports(const catalog::Archive& archive) {
  std::vector<catalog::StoredExport> all;
  GREFFE_TRY(const std::int64_t files, catalog::count_in(archive.exports_folder(), "export-"));
  for (std::int64_t number = 1; number <= files; ++number) {
    GREFFE_TRY(catalog::StoredExport stored, read_export(archive, number));
    all.push_back(std::move(stored));
  }
  return all;
}

// The same package to the same place for the same reason, whoever made it and when.
bool is_same(const ExportRecord& a, ExportRecord b) {
  b.number = a.number;
  b.exported = a.exported;
  b.by = a.by;
  return a == b;
}

}  // namespace

std::string export_path(std::int64_t number) {
  return fmt::format("exports/{}.json", catalog::export_id(number));
}

json::Object json_of(const ExportRecord& record) {
  json::Object actor{{"uid", record.by.uid}};
  if (!record.by.sudo_user.empty()) actor.set("sudo_user", record.by.sudo_user);
  json::Array meetings, parts;
  for (const ExportedMeeting& meeting : record.meetings) meetings.push_back(json_of_meeting(meeting));
  for (const ExportedPart& part : record.parts) parts.push_back(json_of_part(part));
  json::Object object{{"schema", ExportSchema},
                      {"number", record.number},
                      {"format", record.format},
                      {"exported", rfc3339(record.exported)},
                      {"bagging_date", text_of(record.bagging_date)},
                      {"actor", std::move(actor)},
                      {"target", record.target}};
  if (!record.recipient.empty()) object.set("recipient", record.recipient);
  if (!record.reason.empty()) object.set("reason", record.reason);
  object.set("holds", json::Array(record.holds.begin(), record.holds.end()));
  object.set("meetings", std::move(meetings));
  object.set("parts", std::move(parts));
  return object;
}

Result<std::vector<ExportRecord>> registered_exports(const catalog::Archive& archive) {
  GREFFE_TRY(auto stored, read_exports(archive));
  std::vector<ExportRecord> records;
  for (catalog::StoredExport& one : stored) records.push_back(std::move(one.record));
  return records;
}

bool has_meeting(const ExportRecord& exported, std::string_view meeting) {
  return std::any_of(exported.meetings.begin(), exported.meetings.end(),
                     [&](const ExportedMeeting& one) { return one.id == meeting; });
}

Result<std::vector<ExportRecord>> exports_of(const catalog::Archive& archive, std::string_view meeting) {
  GREFFE_TRY(auto records, registered_exports(archive));
  std::erase_if(records, [&](const ExportRecord& record) { return !has_meeting(record, meeting); });
  return records;
}

Status index_exports(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  GREFFE_TRY(const auto stored, read_exports(archive));
  return catalog::put_exports(catalog, stored);
}

Result<ExportRegistration> ExportRegistration::begin(const catalog::Archive& archive, const Acting& acting) {
  GREFFE_TRY(FileLock lock, FileLock::acquire(archive.exports_lock(), acting.lock_wait));
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  GREFFE_CHECK(index_journal(archive, catalog));
  GREFFE_TRY(auto all, registered_exports(archive));
  return ExportRegistration(archive, acting, std::move(lock), std::move(catalog), std::move(all));
}

Result<std::optional<ExportRecord>> ExportRegistration::find_unfinished(const std::string& target) const {
  const ExportRecord* const newest = find_newest(target);
  if (newest == nullptr) return std::nullopt;
  GREFFE_TRY(const auto progress, catalog::export_progress(catalog_, newest->number));
  return progress.is_done() ? std::nullopt : std::optional(*newest);
}

const ExportRecord* ExportRegistration::find_newest(const std::string& target) const {
  const auto found = std::find_if(all_.rbegin(), all_.rend(),
                                  [&](const ExportRecord& record) { return record.target == target; });
  return found == all_.rend() ? nullptr : &*found;
}

Status ExportRegistration::enter(ExportRecord record) {
  GREFFE_TRY(const auto unfinished, find_unfinished(record.target));
  if (unfinished && is_same(*unfinished, record)) {
    entered_ = *unfinished;
    return {};
  }
  record.number = static_cast<std::int64_t>(all_.size()) + 1;
  record.exported = acting_->now;
  record.by = {.uid = acting_->actor.uid, .sudo_user = acting_->actor.sudo_user};
  const std::string text = json::write(json_of(record), json::Style::Indented) + "\n";
  const Path file = archive_->root() / export_path(record.number);
  GREFFE_CHECK(make_directories(archive_->exports_folder()));
  GREFFE_CHECK(journal(record, fixity::digest_of(text), "intended"));
  GREFFE_CHECK(write_once(file, text));
  entered_ = std::move(record);
  all_.push_back(entered_);
  return {};
}

Status ExportRegistration::finish(const ExportRecord& record) {
  GREFFE_TRY(const auto stored, read_export(*archive_, record.number));
  GREFFE_TRY(const auto progress, catalog::export_progress(catalog_, record.number));
  if (progress.outcome != "done") GREFFE_CHECK(journal(record, stored.digest, "done"));
  GREFFE_CHECK(index_journal(*archive_, catalog_));
  return index_exports(*archive_, catalog_);
}

Status ExportRegistration::journal(const ExportRecord& record, const fixity::Digest& digest,
                                   const char* outcome) {
  journal::Event event{.action = "export",
                       .subjects = {catalog::export_id(record.number)},
                       .files = {{.file = export_path(record.number), .before = {}, .after = digest}},
                       .outcome = outcome};
  if (record.meetings.size() <= MostMeetingsNamed)
    for (const ExportedMeeting& meeting : record.meetings) event.subjects.push_back(meeting.id);
  return append_to_journal(*archive_, *acting_, event);
}

}  // namespace greffe::custody
