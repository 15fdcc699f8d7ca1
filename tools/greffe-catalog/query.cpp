// query save|list|show|delete: queries that have a name.
#include "base/log.h"
#include "cli/csv.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/saved_queries.h"
#include "greffe-catalog/verbs.h"
#include "units/time_zone.h"

namespace greffe::catalog_tool {
namespace {

using custody::SavedQuery;

std::string shown_query(const SavedQuery& saved) {
  return saved.query.empty() ? "WHERE " + saved.condition : saved.query;
}

Result<int> list_queries(const catalog::Archive& archive, const Options& options) {
  GREFFE_TRY(const auto found, custody::saved_queries(archive));
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  cli::Table table({{"NAME"}, {fmt::format("SAVED ({})", zone.name())}, {.title = "QUERY", .shrinks = true}});
  for (const SavedQuery& saved : found) {
    if (options.json)
      cli::print(json::write(custody::json_of(saved)) + "\n");
    else
      table.add({saved.name, zone.clock_of(saved.saved), shown_query(saved)});
  }
  if (!table.empty()) cli::print(table.text(cli::terminal_width()));
  return cli::Done;
}

}  // namespace

Result<int> query(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  if (options.action == "list") return list_queries(archive, options);
  if (options.action == "show") {
    GREFFE_TRY(const SavedQuery saved, custody::find_saved_query(archive, options.name));
    cli::print(options.json ? json::write(custody::json_of(saved)) + "\n"
                            : one_line(shown_query(saved)) + "\n");
    return cli::Done;
  }
  if (options.action == "save") {
    GREFFE_TRY(const SavedQuery saved, custody::save_query(archive, options.name, options.query,
                                                           options.condition, acting_of(options)));
    log::info("{}: saved as queries/query-{}.json", saved.name, saved.number);
    return cli::Done;
  }
  GREFFE_CHECK(custody::delete_query(archive, options.name, acting_of(options)));
  return cli::Done;
}

}  // namespace greffe::catalog_tool
