#include "catalog/dump.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include <algorithm>
#include <array>

#include "base/text.h"
#include "catalog/cue_numbers.h"
#include "catalog/schema.h"
#include "json/reader.h"

namespace greffe::catalog {
namespace {

constexpr std::string_view DumpSchema = "greffe.dump/1";
constexpr std::string_view RowSchema = "greffe.row/1";

constexpr std::array<TableShape, 22> Tables{{
    {"meetings", "id, title, start_unix_ms, duration_ms, origin, class, manifest_sha256", "id"},
    {"producers", "meeting, position, name", "meeting, position"},
    {"participants", "meeting, position, id, name", "meeting, position"},
    {"tracks",
     "meeting, track, participant, role, codec, dump, start_ms, end_ms, frames, packets, lost, late, "
     "duplicates, recovered",
     "meeting, track"},
    {"assets", "meeting, path, kind, bytes, sha256", "meeting, path"},
    {"renders", "meeting, file, bytes, sha256, receipt, scenes_sha256, options", "meeting, file"},
    {"cues", "meeting, position, start_ms, end_ms, speaker, text", "meeting, position"},
    {"holds",
     "id, matter, owner, reason, created_by, created_utc, start_date, end_date, auto_release, review_on, "
     "mode, "
     "blocks, query, condition, confidential, batches, released_date, released_by, release_reason",
     "id"},
    {"hold_members", "hold, meeting, since_utc, evidence", "hold, meeting"},
    {"policies", "version, notice_days, cooling_days, sha256", "version"},
    {"policy_rules",
     "version, position, id, level, classes, query, duration, start_event, final_action, rule",
     "version, position"},
    {"activations",
     "number, version, decided_utc, effective_date, reason, uid, sudo_user, diff_sha256, sha256", "number"},
    {"policy_locks", "version, decided_utc, reason, uid, sudo_user", "version"},
    {"events",
     "number, type, effective_date, supersedes, withdrawn, query, evidence, recorded_utc, uid, sudo_user, "
     "sha256",
     "number"},
    {"event_meetings", "meeting, event", "meeting, event"},
    {"exports",
     "number, format, exported_utc, bagging_date, recipient, reason, target, uid, sudo_user, holds, sha256",
     "number"},
    {"export_meetings", "meeting, export, manifest_sha256, files, bytes", "meeting, export"},
    {"export_parts", "export, position, name, bytes, file, sha256", "export, position"},
    {"disposal_lists",
     "id, made_utc, day, made_by, policy_version, scope, sha512, meetings, bytes, visas, certificates, "
     "closed_utc",
     "id"},
    {"disposal_lines",
     "list, meeting, class, start_unix_ms, end_unix_ms, bytes, manifest_sha256, rule, keep_until, due_from, "
     "trashed_utc, purge_from, restored_utc, destroyed_utc, outcome, again_from",
     "list, meeting"},
    {"destroyed_dumps", "sha256, meeting, list", "sha256, meeting, list"},
    {"journal", "seq, utc, action, subjects, outcome, entry", "seq"},
}};

// Tables are STRICT and hold integers and text only.
json::Value value_of(const SQLite::Column& column) {
  if (column.isInteger()) return column.getInt64();
  return valid_utf8(column.getString());
}

Status dump_table(SQLite::Database& database, const TableShape& table,
                  const std::function<Status(std::string_view)>& line) {
  SQLite::Statement select(
      database, fmt::format("SELECT {} FROM {} ORDER BY {}", table.columns, table.name, table.order));
  while (select.executeStep()) {
    json::Object row;
    for (int i = 0; i < select.getColumnCount(); ++i)
      row.set(select.getColumnName(i), value_of(select.getColumn(i)));
    const json::Object object{{"schema", RowSchema}, {"table", table.name}, {"row", std::move(row)}};
    GREFFE_CHECK(line(json::write(object)));
  }
  return {};
}

std::vector<std::string> names_of(std::string_view columns) {
  std::vector<std::string> names;
  while (true) {
    const auto comma = columns.find(',');
    names.emplace_back(trimmed(columns.substr(0, comma)));
    if (comma == std::string_view::npos) return names;
    columns.remove_prefix(comma + 1);
  }
}

// A dump does not tell the numbers of cues: they are given anew, as the cues of a meeting follow each other.
class CueNumbers {
 public:
  explicit CueNumbers(SQLite::Database& database)
      : database_(database), start_(database, "SELECT start_unix_ms FROM meetings WHERE id = ?") {}

  Result<std::int64_t> number_of(json::Reader& row) {
    const std::string meeting = row.text("meeting");
    const std::int64_t position = row.integer("position");
    GREFFE_CHECK(row.status());
    if (position < 0 || position >= MostCuesOfMeeting) return fail("row.position: {}", position);
    if (meeting != meeting_) {
      start_.reset();
      start_.bind(1, meeting);
      if (!start_.executeStep()) return fail("row.meeting: \"{}\" is no meeting", meeting);
      first_ = first_cue_number(database_, start_.getColumn(0).getInt64());
      meeting_ = meeting;
    }
    return first_ + position;
  }

 private:
  SQLite::Database& database_;
  SQLite::Statement start_;
  std::string meeting_;
  std::int64_t first_ = 0;
};

// Puts rows into one table. The columns are those of our list; the file gives values only.
class TableLoader {
 public:
  TableLoader(SQLite::Database& database, const TableShape& table)
      : names_(names_of(table.columns)),
        insert_(database, fmt::format("INSERT INTO {} ({}{}) VALUES ({})", table.name, table.columns,
                                      table.name == Cues ? ", number" : "",
                                      fmt::join(std::vector<std::string_view>(
                                                    names_.size() + (table.name == Cues ? 1 : 0), "?"),
                                                ", "))) {
    if (table.name == Cues) numbers_.emplace(database);
  }

  Status put(const json::Value& row) {
    json::Reader reader(row, "row");
    int index = 0;
    for (const std::string& name : names_) {
      const json::Value* value = reader.find(name);
      ++index;
      if (value && value->find_integer())
        insert_.bind(index, *value->find_integer());
      else if (value && value->find_text())
        insert_.bind(index, *value->find_text());
      else
        reader.refuse(name, "expected an integer or text");
    }
    GREFFE_CHECK(reader.status());
    if (!reader.unknown().empty()) return fail("row.{}: not a column", reader.unknown().front());
    if (numbers_) {
      GREFFE_TRY(const std::int64_t number, numbers_->number_of(reader));
      insert_.bind(index + 1, number);
    }
    insert_.exec();
    insert_.reset();
    return {};
  }

 private:
  static constexpr std::string_view Cues = "cues";

  std::vector<std::string> names_;
  SQLite::Statement insert_;
  std::optional<CueNumbers> numbers_;
};

// A dump being put into a catalog, line by line.
class Loader {
 public:
  explicit Loader(SQLite::Database& database) : database_(database) {
    for (const TableShape& table : Tables) loaders_.emplace(table.name, TableLoader(database, table));
  }

  Status take(std::string_view line) {
    GREFFE_TRY(const json::Value value, json::parse(line));
    json::Reader reader(value, "");
    const std::string schema = reader.text("schema");
    if (!announced_) {
      if (schema != DumpSchema) return fail("schema: expected {}", DumpSchema);
      announced_ = reader.object("rows");
      return reader.status();
    }
    const std::string table = reader.text("table");
    const json::Value* row = reader.find("row");
    GREFFE_CHECK(reader.status());
    const auto loader = loaders_.find(table);
    if (schema != RowSchema || loader == loaders_.end() || !row)
      return fail("not a row of a table known here");
    return guarded("row", [&] { return loader->second.put(*row); });
  }

  Status finish() {
    if (!announced_) return fail("empty");
    for (const TableShape& table : Tables) {
      const json::Value* announced = announced_->find(table.name);
      const auto count = database_.execAndGet(fmt::format("SELECT count(*) FROM {}", table.name)).getInt64();
      const std::int64_t expected = announced && announced->find_integer() ? *announced->find_integer() : 0;
      if (count != expected)
        return fail("{} rows of {} announced, {} there: the dump is cut short", expected, table.name, count);
    }
    database_.exec("INSERT INTO cue_words (cue_words) VALUES ('rebuild')");
    database_.exec("INSERT INTO meeting_numbers (meeting) SELECT id FROM meetings ORDER BY id");
    database_.exec("INSERT INTO meeting_words (meeting_words) VALUES ('rebuild')");
    return {};
  }

 private:
  SQLite::Database& database_;
  std::map<std::string, TableLoader, std::less<>> loaders_;
  std::optional<json::Object> announced_;  // rows of each table
};

}  // namespace

std::span<const TableShape> dumped_tables() { return Tables; }

Status dump(const Catalog& catalog, const std::function<Status(std::string_view)>& line) {
  SQLite::Database& database = catalog.connection().database();
  return guarded(catalog.connection().file().string(), [&]() -> Status {
    SQLite::Transaction moment(database);
    GREFFE_TRY(const auto counts, catalog.row_counts());
    json::Object rows;
    for (const TableShape& table : Tables) rows.set(table.name, counts.at(std::string(table.name)));
    GREFFE_CHECK(line(json::write(json::Object{{"schema", DumpSchema}, {"rows", std::move(rows)}})));
    for (const TableShape& table : Tables) GREFFE_CHECK(dump_table(database, table, line));
    return {};
  });
}

Status load(Catalog& catalog, const std::function<Result<std::optional<std::string>>()>& next_line) {
  return catalog.connection().write([&]() -> Status {
    Loader loader(catalog.connection().database());
    for (int number = 1;; ++number) {
      GREFFE_TRY(const std::optional<std::string> line, next_line());
      if (!line) return loader.finish();
      const Status taken = loader.take(*line);
      if (!taken) return fail_within(fmt::format("line {}", number), taken);
    }
  });
}

}  // namespace greffe::catalog
