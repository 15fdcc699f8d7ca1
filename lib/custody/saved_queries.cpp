#include "custody/saved_queries.h"

#include <algorithm>
#include <map>

#include "base/file_lock.h"
#include "base/text.h"
#include "catalog/meeting_list.h"
#include "catalog/numbered_files.h"
#include "catalog/policy_index.h"
#include "custody/catalog_index.h"
#include "custody/write_once.h"
#include "json/reader.h"
#include "units/time_zone.h"

namespace greffe::custody {
namespace {

constexpr std::string_view QuerySchema = "greffe.query/1";
constexpr std::size_t LongestName = 64;
constexpr std::uint64_t LargestFile = 1u << 20;

std::string stem_of(std::int64_t number) { return fmt::format("query-{}", number); }
std::string file_of(std::int64_t number) { return stem_of(number) + ".json"; }

Status check_name(std::string_view name) {
  const auto is_plain = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-' ||
           c == '_' || c == '.';
  };
  if (name.empty() || name.size() > LongestName || name.front() == '-' ||
      !std::all_of(name.begin(), name.end(), is_plain))
    return fail(ErrorKind::Usage, "\"{}\": the name of a query is letters, digits, -, _ and ., at most {}",
                printable(name), LongestName);
  return {};
}

Result<SavedQuery> read_query(const Path& file, std::int64_t number) {
  const auto read = [&]() -> Result<SavedQuery> {
    GREFFE_TRY(const std::string text, read_text(file, LargestFile));
    GREFFE_TRY(const json::Value value, json::parse(text));
    json::Reader reader(value, "");
    if (reader.text("schema") != QuerySchema)
      reader.refuse("schema", fmt::format("expected {}", QuerySchema));
    SavedQuery saved{.number = reader.integer("number"),
                     .name = reader.text("name"),
                     .query = reader.find_text("query").value_or(""),
                     .condition = reader.find_text("condition").value_or("")};
    const std::string utc = reader.text("saved");
    const json::Value actor_value = reader.object("actor");
    json::Reader actor(actor_value, "actor");
    saved.uid = actor.integer("uid");
    saved.sudo_user = actor.find_text("sudo_user").value_or("");
    GREFFE_CHECK(reader.status());
    GREFFE_CHECK(actor.status());
    GREFFE_TRY(saved.saved, parse_rfc3339(utc));
    return saved;
  };
  auto saved = read();
  if (!saved) return fail(ErrorKind::Integrity, "{}: {}", file.string(), saved.error().message());
  if (saved->number != number) return fail(ErrorKind::Integrity, "{}: has another number", file.string());
  return saved;
}

// All of them, deleted ones too, by number.
Result<std::vector<SavedQuery>> read_all(const catalog::Archive& archive) {
  std::vector<SavedQuery> all;
  const Path folder = archive.queries_folder();
  GREFFE_TRY(const std::int64_t files, catalog::count_in(folder, "query-"));
  for (std::int64_t number = 1; number <= files; ++number) {
    GREFFE_TRY(SavedQuery saved, read_query(folder / file_of(number), number));
    all.push_back(std::move(saved));
  }
  return all;
}

// Of each name the newest that stands.
std::map<std::string, SavedQuery> standing(const std::vector<SavedQuery>& all) {
  std::map<std::string, SavedQuery> found;
  for (const SavedQuery& saved : all)
    if (saved.is_deleted())
      found.erase(saved.name);
    else
      found[saved.name] = saved;
  return found;
}

// One file on its way, under the lock.
class QueryChange {
 public:
  static Result<QueryChange> begin(const catalog::Archive& archive, const Acting& acting) {
    GREFFE_TRY(FileLock lock, FileLock::acquire(archive.queries_lock(), acting.lock_wait));
    GREFFE_TRY(catalog::Catalog catalog,
               catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
    GREFFE_TRY(auto all, read_all(archive));
    return QueryChange(archive, acting, std::move(lock), std::move(catalog), std::move(all));
  }

  const std::vector<SavedQuery>& all() const { return all_; }
  const catalog::Catalog& catalog() const { return catalog_; }

  Result<SavedQuery> write(SavedQuery saved) {
    saved.number = static_cast<std::int64_t>(all_.size()) + 1;
    saved.saved = acting_.now;
    saved.uid = acting_.actor.uid;
    saved.sudo_user = acting_.actor.sudo_user;
    const std::string text = json::write(json_of(saved), json::Style::Indented) + "\n";
    const Path file = archive_.queries_folder() / file_of(saved.number);
    GREFFE_CHECK(make_directories(archive_.queries_folder()));
    GREFFE_CHECK(journal(saved, fixity::digest_of(text), "intended"));
    GREFFE_CHECK(write_once(file, text));
    GREFFE_CHECK(journal(saved, fixity::digest_of(text), "done"));
    GREFFE_CHECK(index_journal(archive_, catalog_));
    return saved;
  }

  // What a run that was killed behind the file has left to do.
  Status complete(const SavedQuery& saved) {
    GREFFE_CHECK(index_journal(archive_, catalog_));
    GREFFE_TRY(const std::string outcome,
               catalog::last_outcome(catalog_, action_of(saved), stem_of(saved.number)));
    if (outcome != "intended") return {};
    GREFFE_TRY(const auto digest, fixity::digest_of_file(archive_.queries_folder() / file_of(saved.number)));
    GREFFE_CHECK(journal(saved, digest.digest, "done"));
    return index_journal(archive_, catalog_);
  }

 private:
  QueryChange(const catalog::Archive& archive, const Acting& acting, FileLock lock, catalog::Catalog catalog,
              std::vector<SavedQuery> all)
      : archive_(archive),
        acting_(acting),
        lock_(std::move(lock)),
        catalog_(std::move(catalog)),
        all_(std::move(all)) {}

  static std::string action_of(const SavedQuery& saved) {
    return saved.is_deleted() ? "query-delete" : "query-save";
  }

  Status journal(const SavedQuery& saved, const fixity::Digest& digest, const char* outcome) {
    return append_to_journal(
        archive_, acting_,
        {.action = action_of(saved),
         .subjects = {stem_of(saved.number)},
         .files = {{.file = "queries/" + file_of(saved.number), .before = {}, .after = digest}},
         .outcome = outcome});
  }

  const catalog::Archive& archive_;
  const Acting& acting_;
  FileLock lock_;
  catalog::Catalog catalog_;
  std::vector<SavedQuery> all_;
};

// What does not compile is not saved; it is not run either.
Status check_compiles(const catalog::Archive& archive, const catalog::Catalog& catalog,
                      const std::string& query, const std::string& condition) {
  catalog::MeetingScope scope{.query = {}, .condition = condition};
  if (!query.empty()) {
    GREFFE_TRY(const TimeZone zone, archive.policy_zone());
    GREFFE_TRY(scope.query, catalog::MeetingQuery::parse(query, zone));
  }
  GREFFE_TRY(const auto list, catalog::MeetingList::open(catalog, scope));
  return {};
}

}  // namespace

json::Object json_of(const SavedQuery& saved) {
  json::Object actor{{"uid", saved.uid}};
  if (!saved.sudo_user.empty()) actor.set("sudo_user", saved.sudo_user);
  json::Object object{{"schema", QuerySchema},
                      {"number", saved.number},
                      {"name", saved.name},
                      {"saved", rfc3339(saved.saved)},
                      {"actor", std::move(actor)}};
  if (!saved.query.empty()) object.set("query", saved.query);
  if (!saved.condition.empty()) object.set("condition", saved.condition);
  return object;
}

Result<std::vector<SavedQuery>> saved_queries(const catalog::Archive& archive) {
  GREFFE_TRY(const auto all, read_all(archive));
  std::vector<SavedQuery> found;
  for (auto& [name, saved] : standing(all)) found.push_back(saved);
  return found;
}

Result<SavedQuery> find_saved_query(const catalog::Archive& archive, std::string_view name) {
  GREFFE_TRY(const auto found, saved_queries(archive));
  std::vector<std::string> names;
  for (const SavedQuery& saved : found) {
    if (saved.name == name) return saved;
    names.push_back(saved.name);
  }
  return fail(ErrorKind::Usage, "\"{}\": no query was saved under that name{}", printable(name),
              names.empty() ? "" : fmt::format("; there are {}", fmt::join(names, ", ")));
}

Result<SavedQuery> save_query(const catalog::Archive& archive, const std::string& name,
                              const std::string& query, const std::string& condition, const Acting& acting) {
  GREFFE_CHECK(check_name(name));
  if (query.empty() == condition.empty())
    return fail(ErrorKind::Usage, "what is to be saved? Give either --query or --where");
  GREFFE_TRY(QueryChange change, QueryChange::begin(archive, acting));
  const auto there = standing(change.all());
  const auto same = there.find(name);
  if (same != there.end() && same->second.query == query && same->second.condition == condition) {
    GREFFE_CHECK(change.complete(same->second));
    return same->second;
  }
  GREFFE_CHECK(check_compiles(archive, change.catalog(), query, condition));
  return change.write({.name = name, .query = query, .condition = condition});
}

Status delete_query(const catalog::Archive& archive, const std::string& name, const Acting& acting) {
  GREFFE_TRY(QueryChange change, QueryChange::begin(archive, acting));
  if (!standing(change.all()).contains(name)) {
    // The last of that name is its deletion: a run that was killed may have left its end.
    const auto last = std::find_if(change.all().rbegin(), change.all().rend(),
                                   [&](const SavedQuery& saved) { return saved.name == name; });
    if (last != change.all().rend()) return change.complete(*last);
    const auto missing = find_saved_query(archive, name);
    return missing ? Status() : tl::unexpected(missing.error());
  }
  GREFFE_TRY(const SavedQuery written, change.write({.name = name, .query = {}, .condition = {}}));
  return {};
}

Status resolve_saved_query(const catalog::Archive& archive, std::string& query, std::string& condition) {
  if (!query.starts_with('@')) return {};
  if (!condition.empty()) return fail(ErrorKind::Usage, "either --query or --where");
  GREFFE_TRY(const SavedQuery saved, find_saved_query(archive, std::string_view(query).substr(1)));
  query = saved.query;
  condition = saved.condition;
  return {};
}

Result<catalog::MeetingScope> scope_of(const catalog::Archive& archive, std::string query,
                                       std::string condition) {
  const auto age = query.starts_with('@') ? catalog::QueryAge::Stored : catalog::QueryAge::New;
  GREFFE_CHECK(resolve_saved_query(archive, query, condition));
  catalog::MeetingScope scope{.query = {}, .condition = std::move(condition)};
  if (query.empty()) return scope;
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(scope.query, catalog::MeetingQuery::parse(query, zone, age));
  return scope;
}

}  // namespace greffe::custody
