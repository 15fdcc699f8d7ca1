#include "catalog/saved_plan.h"

#include <SQLiteCpp/SQLiteCpp.h>

#include "catalog/row_binding.h"

namespace greffe::catalog {

Status save_plan(const Catalog& catalog, const SavedPlan& plan, const std::function<bool(PlanRow&)>& next) {
  return catalog.connection().write([&]() -> Status {
    SQLite::Database& database = catalog.connection().database();
    database.exec("DELETE FROM plan_rows");
    database.exec("DELETE FROM saved_plan");
    SQLite::Statement insert(database, "INSERT INTO plan_rows VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
    Binder bind(insert);
    PlanRow row;
    while (next(row)) {
      bind << row.meeting << row.code << row.codes << row.keep_until << row.due_from << row.propose_from
           << row.final_action << row.rule << row.waits_for << row.in_doubt;
      bind.run();
    }
    SQLite::Statement head(database, "INSERT INTO saved_plan VALUES (1, ?, ?, ?, ?)");
    Binder bind_head(head);
    bind_head << plan.as_of << plan.made_utc << plan.policy_version << plan.journal_seq;
    bind_head.run();
    return {};
  });
}

}  // namespace greffe::catalog
