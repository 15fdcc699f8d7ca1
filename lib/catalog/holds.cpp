#include "catalog/holds.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "catalog/row_binding.h"

namespace greffe::catalog {
namespace {

void take_hold(Taker& taker, HoldRow& row) {
  taker >> row.id >> row.matter >> row.owner >> row.reason >> row.created_by >> row.created_utc >>
      row.start_date >> row.end_date >> row.auto_release >> row.review_on >> row.mode >> row.blocks >>
      row.query >> row.condition >> row.confidential >> row.batches >> row.released_date >> row.released_by >>
      row.release_reason;
}

Result<std::vector<HoldRow>> select_holds(const Catalog& catalog, const char* sql, const std::string* value) {
  return guarded("holds", [&]() -> Result<std::vector<HoldRow>> {
    SQLite::Statement select(catalog.connection().database(), sql);
    if (value != nullptr) select.bind(1, *value);
    std::vector<HoldRow> rows;
    while (select.executeStep()) {
      Taker taker(select);
      take_hold(taker, rows.emplace_back());
    }
    return rows;
  });
}

}  // namespace

Status put_hold(const Catalog& catalog, const HoldRow& hold) {
  return guarded("holds", [&]() -> Status {
    SQLite::Statement insert(
        catalog.connection().database(),
        "INSERT INTO holds VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)"
        " ON CONFLICT (id) DO UPDATE SET batches = excluded.batches, released_date = excluded.released_date,"
        " released_by = excluded.released_by, release_reason = excluded.release_reason");
    Binder bind(insert);
    bind << hold.id << hold.matter << hold.owner << hold.reason << hold.created_by << hold.created_utc
         << hold.start_date << hold.end_date << hold.auto_release << hold.review_on << hold.mode
         << hold.blocks << hold.query << hold.condition << hold.confidential << hold.batches
         << hold.released_date << hold.released_by << hold.release_reason;
    bind.run();
    return {};
  });
}

Status put_members(const Catalog& catalog, std::string_view hold, const std::vector<HoldMemberRow>& members) {
  return guarded("holds", [&]() -> Status {
    SQLite::Statement insert(catalog.connection().database(),
                             "INSERT INTO hold_members VALUES (?, ?, ?, ?) ON CONFLICT DO NOTHING");
    Binder bind(insert);
    for (const HoldMemberRow& row : members) {
      bind << hold << row.meeting << row.since_utc << row.evidence;
      bind.run();
    }
    return {};
  });
}

Result<std::vector<HoldRow>> all_holds(const Catalog& catalog) {
  return select_holds(catalog, "SELECT * FROM holds ORDER BY id", nullptr);
}

Result<std::vector<HoldRow>> holds_on(const Catalog& catalog, std::string_view meeting) {
  const std::string id(meeting);
  return select_holds(
      catalog,
      "SELECT h.* FROM hold_members m JOIN holds h ON h.id = m.hold WHERE m.meeting = ? ORDER BY h.id", &id);
}

Result<std::vector<HoldMemberRow>> members_of(const Catalog& catalog, std::string_view hold) {
  return guarded("holds", [&]() -> Result<std::vector<HoldMemberRow>> {
    SQLite::Statement select(
        catalog.connection().database(),
        "SELECT meeting, since_utc, evidence FROM hold_members WHERE hold = ? ORDER BY meeting");
    select.bind(1, std::string(hold));
    std::vector<HoldMemberRow> rows;
    while (select.executeStep()) {
      Taker taker(select);
      HoldMemberRow& row = rows.emplace_back();
      taker >> row.meeting >> row.since_utc >> row.evidence;
    }
    return rows;
  });
}

Result<bool> is_member(const Catalog& catalog, std::string_view hold, std::string_view meeting) {
  return guarded("holds", [&]() -> Result<bool> {
    SQLite::Statement select(catalog.connection().database(),
                             "SELECT 1 FROM hold_members WHERE hold = ? AND meeting = ?");
    select.bind(1, std::string(hold));
    select.bind(2, std::string(meeting));
    return select.executeStep();
  });
}

Result<std::optional<fixity::Digest>> manifest_of(const Catalog& catalog, std::string_view meeting) {
  return guarded("meetings", [&]() -> Result<std::optional<fixity::Digest>> {
    SQLite::Statement select(catalog.connection().database(),
                             "SELECT manifest_sha256 FROM meetings WHERE id = ?");
    select.bind(1, std::string(meeting));
    if (!select.executeStep()) return std::nullopt;
    return fixity::Digest::of_hex(select.getColumn(0).getString());
  });
}

Result<std::vector<HeldMeeting>> describe_meetings(const Catalog& catalog,
                                                   const std::vector<std::string>& ids) {
  return guarded("meetings", [&]() -> Result<std::vector<HeldMeeting>> {
    SQLite::Statement select(catalog.connection().database(),
                             "SELECT id, title, start_unix_ms,"
                             " (SELECT coalesce(sum(bytes), 0) FROM assets WHERE meeting = m.id)"
                             " FROM meetings m WHERE id = ?");
    std::vector<HeldMeeting> found;
    for (const std::string& id : ids) {
      select.bind(1, id);
      if (select.executeStep()) {
        Taker taker(select);
        HeldMeeting& held = found.emplace_back();
        taker >> held.id >> held.title >> held.start_unix_ms >> held.bytes;
      }
      select.reset();
    }
    return found;
  });
}

}  // namespace greffe::catalog
