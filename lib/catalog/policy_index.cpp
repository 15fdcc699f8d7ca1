#include "catalog/policy_index.h"

#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

#include "base/text.h"
#include "catalog/row_binding.h"
#include "catalog/rule_json.h"

namespace greffe::catalog {
namespace {

using SQLite::Statement;

constexpr std::size_t CandidatesNamed = 5;

std::int64_t last_number(SQLite::Database& database, const char* query) {
  return database.execAndGet(query).getInt64();
}

void insert_policy(SQLite::Database& database, const PolicyRecord& record) {
  const retention::Policy& policy = record.policy;
  Statement insert(database, "INSERT INTO policies VALUES (?, ?, ?, ?)");
  SQLite::bind(insert, policy.version, policy.terms.notice_days, policy.cooling_days, record.digest.hex());
  insert.exec();
  std::int64_t position = 0;
  for (const retention::Rule& rule : policy.rules) {
    Statement row(database, "INSERT INTO policy_rules VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    const json::Array classes(rule.classes.begin(), rule.classes.end());
    SQLite::bind(row, policy.version, position++, rule.id, std::string(retention::name_of(rule.level)),
                 json::write(classes), rule.query,
                 rule.duration ? greffe::text_of(*rule.duration) : "forever", rule.start,
                 rule.final_action ? std::string(retention::name_of(*rule.final_action)) : "",
                 json::write(json_of(rule), json::Style::Canonical));
    row.exec();
  }
}

void insert_activation(SQLite::Database& database, const ActivationRecord& record) {
  Statement insert(database, "INSERT INTO activations VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)");
  SQLite::bind(insert, record.activation.number, record.activation.version, rfc3339(record.decided),
               greffe::text_of(record.activation.effective), record.reason, record.by.uid,
               record.by.sudo_user, record.diff.hex(), fixity::digest_of(text_of(record)).hex());
  insert.exec();
}

void insert_lock(SQLite::Database& database, const LockRecord& record) {
  Statement insert(database, "INSERT OR IGNORE INTO policy_locks VALUES (?, ?, ?, ?, ?)");
  SQLite::bind(insert, record.version, rfc3339(record.decided), record.reason, record.by.uid,
               record.by.sudo_user);
  insert.exec();
}

// The digest that was entered must still be that of the file.
Status check_digest(Statement& select, std::int64_t number, const fixity::Digest& digest,
                    const std::string& name) {
  select.reset();
  select.bind(1, number);
  if (select.executeStep() && select.getColumn(0).getString() != digest.hex())
    return fail(ErrorKind::Integrity, "policy/{}: not the file that was entered in the catalog", name);
  return {};
}

bool has_policy_tables(SQLite::Database& database) {
  return database.execAndGet("SELECT count(*) FROM sqlite_schema WHERE name = 'event_meetings'").getInt() > 0;
}

Status check_records(SQLite::Database& database, const PolicyRecords& records) {
  Statement policy(database, "SELECT sha256 FROM policies WHERE version = ?");
  for (const PolicyRecord& record : records.policies)
    GREFFE_CHECK(
        check_digest(policy, record.policy.version, record.digest, rules_file(record.policy.version)));
  Statement activation(database, "SELECT sha256 FROM activations WHERE number = ?");
  for (const ActivationRecord& record : records.activations)
    GREFFE_CHECK(check_digest(activation, record.activation.number, fixity::digest_of(text_of(record)),
                              activation_file(record.activation.number)));
  const auto missing = [&](const char* query, std::size_t there) {
    return last_number(database, query) > static_cast<std::int64_t>(there);
  };
  if (missing("SELECT coalesce(max(version), 0) FROM policies", records.policies.size()) ||
      missing("SELECT coalesce(max(number), 0) FROM activations", records.activations.size()) ||
      missing("SELECT count(*) FROM policy_locks", records.locks.size()))
    return fail(ErrorKind::Integrity, "policy: a file that is entered in the catalog is gone");
  return {};
}

}  // namespace

Status put_policy(const Catalog& catalog, const PolicyRecords& records) {
  SQLite::Database& database = catalog.connection().database();
  return catalog.connection().write([&]() -> Status {
    GREFFE_CHECK(check_records(database, records));
    const auto versions = last_number(database, "SELECT coalesce(max(version), 0) FROM policies");
    for (const PolicyRecord& record : records.policies)
      if (record.policy.version > versions) insert_policy(database, record);
    const auto activations = last_number(database, "SELECT coalesce(max(number), 0) FROM activations");
    for (const ActivationRecord& record : records.activations)
      if (record.activation.number > activations) insert_activation(database, record);
    for (const LockRecord& record : records.locks) insert_lock(database, record);
    return {};
  });
}

Status check_policy(const Catalog& catalog, const PolicyRecords& records) {
  return guarded(catalog.connection().file().string(), [&]() -> Status {
    SQLite::Database& database = catalog.connection().database();
    return has_policy_tables(database) ? check_records(database, records) : Status();
  });
}

Status put_events(const Catalog& catalog, const std::vector<EventRecord>& events) {
  SQLite::Database& database = catalog.connection().database();
  return catalog.connection().write([&]() -> Status {
    Statement insert(database, "INSERT INTO events VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Statement member(database, "INSERT OR IGNORE INTO event_meetings VALUES (?, ?)");
    const auto known = last_number(database, "SELECT coalesce(max(number), 0) FROM events");
    for (const EventRecord& record : events) {
      const retention::Event& event = record.event;
      if (event.number <= known) continue;
      SQLite::bind(insert, event.number, event.type, greffe::text_of(event.effective),
                   event.supersedes.value_or(0), event.withdrawn ? 1 : 0, record.query, record.evidence,
                   rfc3339(record.recorded), record.by.uid, record.by.sudo_user,
                   fixity::digest_of(text_of(record)).hex());
      insert.exec();
      insert.reset();
      for (const std::string& meeting : record.meetings) {
        SQLite::bind(member, meeting, event.number);
        member.exec();
        member.reset();
      }
    }
    return {};
  });
}

Result<std::int64_t> last_event(const Catalog& catalog) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<std::int64_t> {
    SQLite::Database& database = catalog.connection().database();
    return has_policy_tables(database) ? last_number(database, "SELECT coalesce(max(number), 0) FROM events")
                                       : 0;
  });
}

Result<std::optional<EventRecord>> find_event(const Catalog& catalog, std::int64_t number) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<std::optional<EventRecord>> {
    SQLite::Database& database = catalog.connection().database();
    if (!has_policy_tables(database)) return std::nullopt;
    Statement select(
        database,
        "SELECT type, effective_date, supersedes, withdrawn, query, evidence, recorded_utc, uid, "
        "sudo_user FROM events WHERE number = ?");
    select.bind(1, number);
    if (!select.executeStep()) return std::nullopt;
    GREFFE_TRY(const CivilDate effective, parse_date(select.getColumn(1).getString()));
    GREFFE_TRY(const WallTime recorded, parse_rfc3339(select.getColumn(6).getString()));
    const std::int64_t supersedes = select.getColumn(2).getInt64();
    return EventRecord{
        .event = {.number = number,
                  .type = select.getColumn(0).getString(),
                  .effective = effective,
                  .supersedes = supersedes > 0 ? std::optional(supersedes) : std::nullopt,
                  .withdrawn = select.getColumn(3).getInt() != 0},
        .meetings = {},
        .query = select.getColumn(4).getString(),
        .evidence = select.getColumn(5).getString(),
        .recorded = recorded,
        .by = {.uid = select.getColumn(7).getInt64(), .sudo_user = select.getColumn(8).getString()}};
  });
}

Result<std::string> last_outcome(const Catalog& catalog, std::string_view action, std::string_view subject) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<std::string> {
    Statement select(
        catalog.connection().database(),
        "SELECT outcome FROM journal WHERE action = ? AND subjects = ? ORDER BY seq DESC LIMIT 1");
    SQLite::bind(select, std::string(action), json::write(json::Array{json::Value(subject)}));
    return select.executeStep() ? select.getColumn(0).getString() : std::string();
  });
}

Result<std::string> find_meeting_id(const Catalog& catalog, std::string_view prefix) {
  return guarded(catalog.connection().file().string(), [&]() -> Result<std::string> {
    Statement select(catalog.connection().database(),
                     "SELECT id FROM meetings WHERE id >= ?1 AND id < ?2 ORDER BY id LIMIT ?3");
    const std::string from(prefix);
    SQLite::bind(select, from, from + "\x7f", static_cast<std::int64_t>(CandidatesNamed) + 1);
    std::vector<std::string> found = first_column(select);
    if (found.empty() || prefix.empty())
      return fail(ErrorKind::Usage, "{}: no meeting of that id", printable(prefix));
    if (found.size() == 1) return found.front();
    const bool more = found.size() > CandidatesNamed;
    if (more) found.pop_back();
    return fail(ErrorKind::Usage, "{}: several meetings begin so:\n  {}{}", printable(prefix),
                fmt::join(found, "\n  "), more ? "\n  …" : "");
  });
}

}  // namespace greffe::catalog
