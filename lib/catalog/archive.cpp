#include "catalog/archive.h"

#include <algorithm>
#include <array>
#include <cassert>

#include "base/folder.h"
#include "base/random.h"
#include "base/text.h"
#include "json/read_file.h"
#include "json/reader.h"

namespace greffe::catalog {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view Schema = "greffe.archive/1";
constexpr std::string_view SchemaName = "greffe.archive/";
constexpr std::int64_t FormatVersion = 1;
constexpr std::uint64_t LargestDescription = 1u << 20;
constexpr std::array<std::string_view, 5> Folders{"journal", "meetings", "locks", "staging", "keys"};
constexpr std::size_t DateDigits = 8;  // YYYYMMDD

bool is_hex(char c) { return is_digit(c) || (c >= 'a' && c <= 'f'); }

// What prepare() may find at `root` without somebody else's files being there.
Status check_is_ours(const Path& root) {
  GREFFE_TRY(const auto entries, list_folder(root));
  for (const auto& [name, kind] : entries) {
    const bool ours = std::find(Folders.begin(), Folders.end(), name) != Folders.end() ||
                      name.starts_with("catalog.sqlite") || name.starts_with(".archive.json.");
    if (!ours)
      return fail(ErrorKind::Usage, "{}: not empty and no archive ({} is there)", root.string(),
                  printable(name));
  }
  return {};
}

Result<ArchiveDescription> description_of(const json::Value& value) {
  json::Reader reader(value, "");
  const std::string schema = reader.text("schema");
  const std::int64_t format = reader.integer("format");
  ArchiveDescription description{.id = reader.text("id"),
                                 .owner = reader.find_text("owner").value_or(""),
                                 .policy_time_zone = reader.text("policy_time_zone")};
  GREFFE_CHECK(reader.status());
  if (!schema.starts_with(SchemaName)) return fail("schema: \"{}\" is not {}", schema, Schema);
  if (schema != Schema || format > FormatVersion)
    return fail(ErrorKind::NoArchive, "format {} ({}) is newer than this program, which knows {}", format,
                schema, FormatVersion);
  return description;
}

Result<ArchiveDescription> read_description(const Path& file) {
  std::error_code error;
  if (!fs::exists(file, error))
    return fail(ErrorKind::NoArchive, "{}: no archive there (greffe-catalog init makes one)",
                file.parent_path().string());
  GREFFE_TRY(const json::Value value, json::read_file(file, LargestDescription));
  auto description = description_of(value);
  if (!description) return fail_within(file.string(), description);
  return description;
}

// Folders in `folder`, sorted; none when it is missing.
// Ids below `folder` (meetings/, then a year, a month, a day) that begin with `prefix`; folders whose `date`
// so far rules that out are not opened.
Status add_ids(const Path& folder, const std::string& date, std::string_view prefix,
               std::vector<std::string>& ids) {
  GREFFE_TRY(const std::vector<std::string> names, folder_names(folder));
  for (const std::string& name : names) {
    if (date.size() == DateDigits) {
      if (is_meeting_id(name) && name.starts_with(date) && name.starts_with(prefix)) ids.push_back(name);
      continue;
    }
    const std::string longer = date + name;
    const bool is_date = std::all_of(name.begin(), name.end(), is_digit) && longer.size() <= DateDigits;
    const bool may_hold =
        std::string_view(longer).substr(0, prefix.size()) == prefix.substr(0, longer.size());
    if (is_date && may_hold) GREFFE_CHECK(add_ids(folder / name, longer, prefix, ids));
  }
  return {};
}

}  // namespace

bool is_meeting_id(std::string_view id) {
  constexpr std::string_view Shape = "dddddddd-ddddddZ-hhhhhhhhhh";
  if (id.size() != Shape.size()) return false;
  for (std::size_t i = 0; i < id.size(); ++i) {
    const bool fits = Shape[i] == 'd' ? is_digit(id[i]) : Shape[i] == 'h' ? is_hex(id[i]) : id[i] == Shape[i];
    if (!fits) return false;
  }
  return true;
}

std::string random_archive_id() { return random_hex(16); }

Result<Archive> Archive::prepare(const Path& root, ArchiveDescription description) {
  GREFFE_CHECK(make_directories(root));
  if (fs::exists(root / "archive.json")) return open(root);
  GREFFE_CHECK(check_is_ours(root));
  for (const std::string_view folder : Folders) GREFFE_CHECK(make_directories(root / folder));
  return Archive(root, std::move(description));
}

Status Archive::publish() const {
  if (fs::exists(root_ / "archive.json")) return {};
  const json::Object text{{"schema", Schema},
                          {"format", FormatVersion},
                          {"id", description_.id},
                          {"owner", description_.owner},
                          {"policy_time_zone", description_.policy_time_zone}};
  return write_text_atomically(root_ / "archive.json", json::write(text, json::Style::Indented));
}

Result<Archive> Archive::open(const Path& root) {
  GREFFE_TRY(ArchiveDescription description, read_description(root / "archive.json"));
  return Archive(root, std::move(description));
}

std::string Archive::meeting_path(std::string_view id) {
  assert(is_meeting_id(id));
  return fmt::format("meetings/{}/{}/{}/{}", id.substr(0, 4), id.substr(4, 2), id.substr(6, 2), id);
}

Path Archive::meeting_folder(std::string_view id) const { return root_ / meeting_path(id); }

Path Archive::meeting_lock(std::string_view id) const {
  assert(is_meeting_id(id));
  return root_ / "locks" / id;
}

Result<std::vector<std::string>> Archive::meeting_ids() const {
  std::vector<std::string> ids;
  GREFFE_CHECK(add_ids(root_ / "meetings", "", "", ids));
  return ids;
}

Result<bool> Archive::encloses(const Path& path) const {
  std::error_code error;
  const Path root = fs::weakly_canonical(root_, error);
  const Path given = error ? Path() : fs::weakly_canonical(path, error);
  if (error) return fail("{}: {}", path.string(), error.message());
  return std::mismatch(root.begin(), root.end(), given.begin(), given.end()).first == root.end();
}

Path Archive::trash_folder(std::string_view id) const {
  assert(is_meeting_id(id));
  return root_ / "trash" / id;
}

Path Archive::place_of(std::string_view id) const {
  const Path trashed = trash_folder(id);
  std::error_code error;
  return fs::is_directory(trashed, error) ? trashed : meeting_folder(id);
}

Result<std::vector<std::string>> Archive::kept_ids() const {
  GREFFE_TRY(const std::vector<std::string> ids, meeting_ids());
  GREFFE_TRY(const std::vector<std::string> trashed, trashed_ids());
  std::vector<std::string> all;
  std::set_union(ids.begin(), ids.end(), trashed.begin(), trashed.end(), std::back_inserter(all));
  return all;
}

Result<std::vector<std::string>> Archive::trashed_ids() const {
  GREFFE_TRY(std::vector<std::string> names, folder_names(root_ / "trash"));
  std::erase_if(names, [](const std::string& name) { return !is_meeting_id(name); });
  return names;
}

Result<std::string> Archive::find_meeting(std::string_view prefix) const {
  GREFFE_TRY(std::string id, find_any_meeting(prefix));
  if (fs::is_directory(meeting_folder(id))) return id;
  return fail(ErrorKind::Usage, "{}: in the trash; greffe-retain restore brings it back", id);
}

Result<std::string> Archive::find_any_meeting(std::string_view prefix) const {
  if (is_meeting_id(prefix) && fs::is_directory(meeting_folder(prefix))) return std::string(prefix);
  std::vector<std::string> ids;
  if (!prefix.empty()) {
    GREFFE_CHECK(add_ids(root_ / "meetings", "", prefix, ids));
    GREFFE_TRY(const std::vector<std::string> trashed, trashed_ids());
    for (const std::string& id : trashed)
      if (id.starts_with(prefix)) ids.push_back(id);
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  }
  if (ids.empty()) return fail(ErrorKind::Usage, "{}: no such meeting in {}", prefix, root_.string());
  if (ids.size() > 1)
    return fail(ErrorKind::Usage, "{}: {} meetings begin so, among them {} and {}", prefix, ids.size(),
                ids[0], ids[1]);
  return ids.front();
}

}  // namespace greffe::catalog
