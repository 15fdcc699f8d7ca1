// list, search, sql: what finds rows, as tables, CSV or JSON.

#include "base/log.h"
#include "base/parse.h"
#include "base/text.h"
#include "catalog/meeting_list.h"
#include "catalog/query.h"
#include "catalog/search.h"
#include "cli/csv.h"
#include "cli/exit_code.h"
#include "cli/figures.h"
#include "cli/program.h"
#include "cli/table.h"
#include "greffe-catalog/verbs.h"
#include "units/time_zone.h"

namespace greffe::catalog_tool {
namespace {

using catalog::CueHit;
using catalog::MeetingSummary;
using cli::Align;
using cli::Table;

constexpr std::int64_t TerminalLimit = 100;  // what a person can look through
constexpr std::size_t PageRows = 10'000;

// How many rows are shown; 0: all. A terminal gets no more than can be read, unless that is asked for.
Result<std::int64_t> limit_of(const Options& options) {
  if (!options.limit) return cli::terminal_width() && !options.json && !options.csv ? TerminalLimit : 0;
  const auto limit = find_number<std::int64_t>(*options.limit);
  if (!limit || *limit < 0)
    return fail(ErrorKind::Usage, "--limit {}: expected a number, 0 for all", printable(*options.limit));
  return *limit;
}

// What was left off, and how to see it: on standard error, since it is no row.
void say(const Options& options, const std::string& text) {
  if (!options.quiet) cli::tell(text + "\n");
}

// Of meetings: the same fields in JSON and CSV.
json::Object list_json(const MeetingSummary& summary) {
  json::Object line{{"schema", "greffe.list/1"}};
  for (const auto& [name, value] : meeting_json(summary.meeting)) line.set(name, value);
  return line.set("participants", summary.participants)
      .set("tracks", summary.tracks)
      .set("renders", summary.renders)
      .set("bytes", summary.bytes);
}

json::Object search_json(const CueHit& hit) {
  return {{"schema", "greffe.search/1"},
          {"meeting", hit.meeting},
          {"title", hit.title},
          {"start_ms", hit.start_ms},
          {"end_ms", hit.end_ms},
          {"speaker", hit.speaker},
          {"text", hit.text}};
}

// The members of `object` behind its schema, as a line of CSV.
std::string csv_of(const json::Object& object) {
  std::vector<json::Value> cells;
  for (const auto& [name, value] : object)
    if (name != "schema") cells.push_back(value);
  return cli::csv_line(cells);
}

std::string csv_titles(const json::Object& object) {
  std::vector<std::string_view> names;
  for (const auto& [name, value] : object)
    if (name != "schema") names.push_back(name);
  return cli::csv_header(names);
}

Table list_table(const std::string& zone) {
  return Table({{.title = "MEETING"},
                {.title = fmt::format("START ({})", zone)},
                {.title = "LENGTH", .align = Align::Right},
                {.title = "PEOPLE", .align = Align::Right, .yields = 2},
                {.title = "TRACKS", .align = Align::Right, .yields = 5},
                {.title = "FILMS", .align = Align::Right, .yields = 4},
                {.title = "BYTES", .align = Align::Right, .yields = 1},
                {.title = "CLASS", .yields = 3},
                {.title = "TITLE", .shrinks = true}});
}

void add_row(Table& table, const MeetingSummary& summary, const TimeZone& zone) {
  const catalog::MeetingRow& row = summary.meeting;
  table.add({row.id, zone.clock_of(WallTime(std::chrono::milliseconds(row.start_unix_ms))),
             cli::length_text(row.duration_ms), fmt::format("{}", summary.participants),
             fmt::format("{}", summary.tracks), fmt::format("{}", summary.renders),
             cli::bytes_text(summary.bytes), row.meeting_class, row.title});
}

// Below its meeting, which stands on a line of its own where it begins.
std::string hit_text(const CueHit& hit, bool is_first) {
  std::string text;
  if (is_first) text = fmt::format("{}  {}\n", hit.meeting, one_line(hit.title));
  const std::string speaker = hit.speaker.empty() ? "" : one_line(hit.speaker) + ": ";
  return text + fmt::format("  {}  {}{}\n", clock_of(hit.start_ms), speaker, one_line(hit.text));
}

}  // namespace

Result<int> list(const Options& options) {
  GREFFE_TRY(const std::int64_t limit, limit_of(options));
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(const catalog::MeetingScope scope, scope_of(archive, options));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  std::int64_t count = 0;
  bool more = false;
  {
    GREFFE_TRY(catalog::MeetingList meetings, catalog::MeetingList::open(catalog, scope));
    Table table = list_table(zone.name());
    if (options.csv) cli::print(csv_titles(list_json({})));
    for (bool read = true; read; ++count) {
      GREFFE_TRY(const auto summary, meetings.next());
      more = summary && limit > 0 && count == limit;
      if (!summary || more) break;
      if (options.json)
        read = cli::print(json::write(list_json(*summary)) + "\n");
      else if (options.csv)
        read = cli::print(csv_of(list_json(*summary)));
      else
        add_row(table, *summary, zone);
      if (table.rows() == PageRows) read = cli::print(table.next_page(cli::terminal_width()));
    }
    if (!table.empty()) cli::print(table.next_page(cli::terminal_width()));
  }
  log::info("{} meetings", count);
  if (more) {
    GREFFE_TRY(const std::int64_t all, catalog::count_meetings(catalog, scope));
    say(options,
        fmt::format("{} of {} meetings; --limit 0 shows all", cli::count_text(count), cli::count_text(all)));
  }
  return cli::Done;
}

Result<int> search(const Options& options) {
  GREFFE_TRY(const std::int64_t limit, limit_of(options));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  const auto order = options.by_rank ? catalog::SearchOrder::Rank : catalog::SearchOrder::NewestFirst;
  GREFFE_TRY(catalog::CueSearch found, catalog::CueSearch::open(catalog, options.phrases, order));
  if (found.is_cut())
    say(options, fmt::format("more captions than that have it: the newest {} are ranked",
                             cli::count_text(catalog::MostRanked)));
  std::string meeting;  // of the line before
  if (options.csv) cli::print(csv_titles(search_json({})));
  std::int64_t count = 0;
  for (bool read = true; read; ++count) {
    GREFFE_TRY(const auto hit, found.next());
    if (!hit) break;
    if (limit > 0 && count == limit) {
      say(options, fmt::format("{} captions, there are more; --limit 0 shows all", cli::count_text(count)));
      break;
    }
    read = cli::print(options.json  ? json::write(search_json(*hit)) + "\n"
                      : options.csv ? csv_of(search_json(*hit))
                                    : hit_text(*hit, hit->meeting != meeting));
    meeting = hit->meeting;
  }
  log::info("{} cues", count);
  return cli::Done;
}

Result<int> sql(const Options& options) {
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(catalog::Query query, catalog::Query::open(catalog, options.sql));
  std::vector<Table::Column> columns;
  for (const std::string& name : query.columns()) columns.push_back({one_line(name)});
  Table table(std::move(columns));
  if (options.csv)
    cli::print(
        cli::csv_header(std::vector<std::string_view>(query.columns().begin(), query.columns().end())));
  for (bool read = true; read;) {
    GREFFE_TRY(const auto row, query.next());
    if (!row) break;
    if (options.csv) {
      read = cli::print(cli::csv_line(*row));
      continue;
    }
    json::Object object;
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row->size(); ++i) {
      const std::string* text = (*row)[i].find_text();
      if (options.json)
        object.set(query.columns()[i], (*row)[i]);
      else
        cells.push_back(text ? *text : (*row)[i].is_null() ? "" : json::write((*row)[i]));
    }
    if (options.json)
      read = cli::print(json::write(json::Object{{"schema", "greffe.sql/1"}, {"row", std::move(object)}}) +
                        "\n");
    else
      table.add(std::move(cells));
    if (table.rows() == PageRows) read = cli::print(table.next_page());
  }
  if (!options.json && !options.csv) cli::print(table.next_page());
  return cli::Done;
}

}  // namespace greffe::catalog_tool
