// stats: how much there is, by class, state and year.
#include <array>
#include <cmath>
#include <map>

#include "base/text.h"
#include "cli/csv.h"
#include "cli/exit_code.h"
#include "cli/figures.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/archive_stats.h"
#include "greffe-catalog/verbs.h"
#include "json/value.h"
#include "units/time_zone.h"

namespace greffe::catalog_tool {
namespace {

using cli::Align;
using cli::Table;
using custody::StatsRow;

constexpr std::array<std::string_view, 3> Dimensions{"class", "state", "year"};
// What meetings are told apart by: some of Dimensions.
using Grouping = std::vector<std::string_view>;

// "class,year". Each may be named once.
Result<Grouping> grouping_of(const std::string& text) {
  Grouping grouping;
  for (std::string_view rest = text; !rest.empty();) {
    const auto comma = std::min(rest.find(','), rest.size());
    const std::string_view name = trimmed(rest.substr(0, comma));
    rest.remove_prefix(std::min(comma + 1, rest.size()));
    const auto* const known = std::find(Dimensions.begin(), Dimensions.end(), name);
    if (known == Dimensions.end() || std::find(grouping.begin(), grouping.end(), name) != grouping.end())
      return fail(ErrorKind::Usage, "--by {}: expected some of class, state, year, each once, with commas",
                  printable(text));
    grouping.push_back(*known);
  }
  return grouping;
}

json::Value value_of(const StatsRow& row, std::string_view dimension) {
  if (dimension == "class") return row.record_class;
  if (dimension == "state") return row.state;
  return row.year;
}

// One line of the result: a value for each dimension of the grouping.
struct Line {
  std::vector<json::Value> values;
  StatsRow sum;
};

// In the order of the values.
std::vector<Line> lines_of(const std::vector<StatsRow>& rows, const Grouping& grouping) {
  std::map<std::vector<std::string>, Line> lines;
  for (const StatsRow& row : rows) {
    std::vector<json::Value> values;
    std::vector<std::string> key;
    for (const std::string_view dimension : grouping) {
      values.push_back(value_of(row, dimension));
      const std::string* text = values.back().find_text();
      key.push_back(text ? *text : fmt::format("{:04}", row.year));
    }
    Line& line = lines[key];
    line.values = std::move(values);
    line.sum.meetings += row.meetings;
    line.sum.duration_ms += row.duration_ms;
    line.sum.bytes += row.bytes;
  }
  std::vector<Line> found;
  for (auto& [key, line] : lines) found.push_back(std::move(line));
  return found;
}

json::Object stats_json(const Grouping& grouping, const Line& line, CivilDate as_of) {
  json::Object object{{"schema", "greffe.stats/1"}, {"by", json::Array(grouping.begin(), grouping.end())}};
  for (std::size_t i = 0; i < grouping.size(); ++i) object.set(std::string(grouping[i]), line.values[i]);
  return object.set("meetings", line.sum.meetings)
      .set("duration_ms", line.sum.duration_ms)
      .set("bytes", line.sum.bytes)
      .set("as_of", text_of(as_of));
}

// The same columns whatever the grouping: what it does not tell apart is empty.
std::string stats_csv(const Grouping& grouping, const Line& line) {
  std::vector<json::Value> cells{fmt::format("{}", fmt::join(grouping, " "))};
  for (const std::string_view dimension : Dimensions) {
    const auto at = std::find(grouping.begin(), grouping.end(), dimension);
    cells.push_back(at == grouping.end() ? json::Value()
                                         : line.values[static_cast<std::size_t>(at - grouping.begin())]);
  }
  cells.insert(cells.end(), {line.sum.meetings, line.sum.duration_ms, line.sum.bytes});
  return cli::csv_line(cells);
}

std::string hours_text(std::int64_t ms) {
  const double hours = static_cast<double>(ms) / 3'600'000;
  return hours < 99.95 ? fmt::format("{:.1f}", hours) : cli::count_text(std::llround(hours));
}

std::string stats_text(const Grouping& grouping, const std::vector<Line>& lines) {
  std::vector<Table::Column> columns;
  for (const std::string_view dimension : grouping) {
    std::string title(dimension);
    for (char& c : title) c = static_cast<char>(c - 'a' + 'A');
    columns.push_back({std::move(title), Align::Left, dimension == "class"});
  }
  if (grouping.empty()) columns.push_back({"ALL"});
  for (const char* title : {"MEETINGS", "HOURS", "BYTES"}) columns.push_back({title, Align::Right});
  Table table(std::move(columns));
  for (const Line& line : lines) {
    std::vector<std::string> cells;
    for (const json::Value& value : line.values) {
      const std::string* text = value.find_text();
      cells.push_back(text == nullptr ? json::write(value) : text->empty() ? "-" : *text);
    }
    if (grouping.empty()) cells.emplace_back("");
    cells.insert(cells.end(), {cli::count_text(line.sum.meetings), hours_text(line.sum.duration_ms),
                               cli::bytes_text(line.sum.bytes)});
    table.add(std::move(cells));
  }
  return table.text(cli::terminal_width());
}

}  // namespace

Result<int> stats(const Options& options) {
  std::vector<Grouping> groupings{{"class"}, {"state"}, {"year"}, {}};
  if (options.by) {
    GREFFE_TRY(Grouping grouping, grouping_of(*options.by));
    groupings = {std::move(grouping)};
  }
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(const CivilDate as_of, as_of_day(archive, options));
  const auto asks_state = [](const Grouping& grouping) {
    return std::find(grouping.begin(), grouping.end(), "state") != grouping.end();
  };
  const bool decide = std::any_of(groupings.begin(), groupings.end(), asks_state);
  DamageLog damage;
  GREFFE_TRY(const auto rows, custody::archive_stats(archive, catalog, as_of, decide, damage));
  if (options.csv)
    cli::print(cli::csv_header({{"by", "class", "state", "year", "meetings", "duration_ms", "bytes"}}));
  bool first = true;
  for (const Grouping& grouping : groupings) {
    const std::vector<Line> lines = lines_of(rows, grouping);
    if (!options.json && !options.csv && !lines.empty()) {
      if (first && decide) cli::print(fmt::format("as of {}\n\n", text_of(as_of)));
      cli::print((first ? "" : "\n") + stats_text(grouping, lines));
      first = false;
      continue;
    }
    for (const Line& line : lines)
      cli::print(options.json ? json::write(stats_json(grouping, line, as_of)) + "\n"
                              : stats_csv(grouping, line));
  }
  return cli::report_damage(damage);
}

}  // namespace greffe::catalog_tool
