#include "custody/hold_files.h"

#include <algorithm>

#include "base/folder.h"
#include "json/read_file.h"
#include "json/reader.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view HoldSchema = "greffe.hold/1";
constexpr std::string_view MembersSchema = "greffe.hold-members/1";
constexpr std::string_view ReleaseSchema = "greffe.hold-release/1";
constexpr std::uint64_t LargestFile = 1u << 30;

std::string file_text(const json::Object& object) {
  return json::write(object, json::Style::Indented) + "\n";
}

Result<json::Value> read_file(const Path& file, std::string_view schema) {
  GREFFE_TRY(json::Value value, json::read_file(file, LargestFile));
  json::Reader reader(value, "");
  if (reader.text("schema") != schema) return fail("{}: schema: expected {}", file.string(), schema);
  return value;
}

std::string joined(const json::Array& words) {
  std::string text;
  for (const json::Value& word : words)
    if (const auto value = word.find_text()) text += (text.empty() ? "" : ",") + std::string(*value);
  return text;
}

json::Array parted(std::string_view words) {
  json::Array parts;
  while (!words.empty()) {
    const auto comma = std::min(words.find(','), words.size());
    parts.emplace_back(std::string(words.substr(0, comma)));
    words.remove_prefix(std::min(comma + 1, words.size()));
  }
  return parts;
}

Status read_hold(const Path& file, StoredHold& stored) {
  GREFFE_TRY(const json::Value value, read_file(file, HoldSchema));
  json::Reader reader(value, "");
  const json::Value scope_value = reader.object("scope");
  json::Reader scope(scope_value, "scope");
  stored.hold = {.id = reader.text("id"),
                 .matter = reader.text("matter"),
                 .owner = reader.text("owner"),
                 .reason = reader.text("reason"),
                 .created_by = reader.text("created_by"),
                 .created_utc = reader.text("created_utc"),
                 .start_date = reader.text("start_date"),
                 .end_date = reader.find_text("end_date").value_or(""),
                 .auto_release = reader.boolean("auto_release", false) ? 1 : 0,
                 .review_on = reader.find_text("review_on").value_or(""),
                 .mode = reader.text("mode"),
                 .blocks = joined(reader.array("blocks")),
                 .query = scope.find_text("query").value_or(""),
                 .condition = scope.find_text("condition").value_or(""),
                 .confidential = reader.boolean("confidential", false) ? 1 : 0};
  for (const json::Value& meeting : scope.array("meetings"))
    if (const std::string* id = meeting.find_text()) stored.meetings.push_back(*id);
  const Status read = reader.status();
  return read ? Status() : fail_within(file.string(), read);
}

Status read_members(const Path& file, StoredHold& stored) {
  GREFFE_TRY(const json::Value value, read_file(file, MembersSchema));
  json::Reader reader(value, "");
  for (const json::Value& item : reader.array("members")) {
    json::Reader member(item, "members");
    const json::Value* const evidence = member.find("evidence");
    stored.members.push_back({.meeting = member.text("meeting"),
                              .since_utc = member.text("since_utc"),
                              .evidence = evidence ? json::write(*evidence, json::Style::Canonical) : "{}"});
    if (const Status read = member.status(); !read) return fail_within(file.string(), read);
  }
  const Status read = reader.status();
  return read ? Status() : fail_within(file.string(), read);
}

Status read_release(const Path& file, StoredHold& stored) {
  GREFFE_TRY(const json::Value value, read_file(file, ReleaseSchema));
  json::Reader reader(value, "");
  stored.hold.released_date = reader.text("released_date");
  stored.hold.released_by = reader.text("released_by");
  stored.hold.release_reason = reader.text("reason");
  const Status read = reader.status();
  return read ? Status() : fail_within(file.string(), read);
}

}  // namespace

Path holds_folder(const catalog::Archive& archive) { return archive.root() / "holds"; }

std::string members_path(std::string_view hold, std::int64_t batch) {
  return fmt::format("holds/{}/members-{:06}.json", hold, batch);
}

std::string hold_text(const catalog::HoldRow& hold, const std::vector<std::string>& meetings,
                      const json::Value& parsed) {
  json::Object scope;
  if (!hold.query.empty()) scope.set("query", hold.query), scope.set("parsed", parsed);
  if (!hold.condition.empty()) scope.set("condition", hold.condition);
  if (!meetings.empty()) scope.set("meetings", json::Array(meetings.begin(), meetings.end()));
  json::Object object{{"schema", HoldSchema},
                      {"id", hold.id},
                      {"matter", hold.matter},
                      {"owner", hold.owner},
                      {"reason", hold.reason},
                      {"created_by", hold.created_by},
                      {"created_utc", hold.created_utc},
                      {"start_date", hold.start_date},
                      {"auto_release", hold.auto_release != 0},
                      {"mode", hold.mode},
                      {"blocks", parted(hold.blocks)},
                      {"scope", std::move(scope)},
                      {"confidential", hold.confidential != 0}};
  if (!hold.end_date.empty()) object.set("end_date", hold.end_date);
  if (!hold.review_on.empty()) object.set("review_on", hold.review_on);
  return file_text(object);
}

std::string members_text(std::string_view hold, const std::vector<catalog::HoldMemberRow>& members) {
  json::Array items;
  for (const catalog::HoldMemberRow& member : members) {
    auto evidence = json::parse(member.evidence);
    items.push_back(
        json::Object{{"meeting", member.meeting},
                     {"since_utc", member.since_utc},
                     {"evidence", evidence ? std::move(*evidence) : json::Value(json::Object{})}});
  }
  return file_text(json::Object{{"schema", MembersSchema}, {"hold", hold}, {"members", std::move(items)}});
}

std::string release_text(const catalog::HoldRow& hold) {
  return file_text(json::Object{{"schema", ReleaseSchema},
                                {"hold", hold.id},
                                {"released_date", hold.released_date},
                                {"released_by", hold.released_by},
                                {"reason", hold.release_reason}});
}

Result<std::vector<std::string>> stored_holds(const catalog::Archive& archive) {
  return folder_names(holds_folder(archive));
}

namespace {
// False only where it is known not to be: what cannot be asked for is then read, and tells why it cannot be.
bool may_be_there(const Path& file) {
  std::error_code unknown;
  return fs::exists(file, unknown) || unknown;
}
}  // namespace

Result<StoredHold> read_stored_hold(const catalog::Archive& archive, const std::string& id,
                                    std::int64_t known) {
  StoredHold stored;
  const Path folder = holds_folder(archive) / id;
  GREFFE_CHECK(read_hold(folder / "hold.json", stored));
  if (stored.hold.id != id) return fail("{}: hold.json has another id", folder.string());
  stored.hold.batches = known;
  for (std::int64_t batch = known + 1; may_be_there(archive.root() / members_path(id, batch)); ++batch) {
    GREFFE_CHECK(read_members(archive.root() / members_path(id, batch), stored));
    stored.hold.batches = batch;
  }
  if (may_be_there(folder / "release.json")) GREFFE_CHECK(read_release(folder / "release.json", stored));
  return stored;
}

bool has_more(const catalog::Archive& archive, const catalog::HoldRow& row) {
  const Path folder = holds_folder(archive) / row.id;
  return may_be_there(archive.root() / members_path(row.id, row.batches + 1)) ||
         (row.released_date.empty() && may_be_there(folder / "release.json"));
}

}  // namespace greffe::custody
