#include "catalog/closed_list.h"

#include "catalog/disposal_files.h"
#include "catalog/numbered_files.h"
#include "json/reader.h"

namespace greffe::catalog {
namespace {

constexpr std::string_view ClosedSchema = "greffe.disposal-closed/1";
constexpr std::uint64_t LargestClosed = 256u << 20;

std::optional<retention::LineState> find_state(std::string_view name) {
  using enum retention::LineState;
  const auto state = retention::find_line_state(name);
  if (state == Proposed || state == Approved || state == InGrace) return std::nullopt;
  return state;
}

Result<ClosedLine> closed_line_of(json::Reader& reader) {
  ClosedLine line;
  const auto state = find_state(reader.text("outcome"));
  if (!state) reader.refuse("outcome", "no outcome of that name");
  line.state = state.value_or(retention::LineState::Destroyed);
  if (const auto again = reader.find_text("again_from")) {
    const auto day = parse_date(*again);
    if (!day) reader.refuse("again_from", "expected a day such as 2026-11-20");
    if (day) line.again_from = *day;
  }
  line.destroyed_by = reader.find_text("destroyed_by").value_or("");
  if ((line.state == retention::LineState::DestroyedElsewhere) != is_list_id(line.destroyed_by))
    reader.refuse("destroyed_by",
                  "a line that was destroyed elsewhere has the id of that list, and no other");
  GREFFE_CHECK(reader.status());
  return line;
}

Result<ClosedList> closed_list_of(const json::Value& value) {
  json::Reader reader(value, "");
  if (reader.text("schema") != ClosedSchema) reader.refuse("schema", "another one is expected");
  ClosedList closed{.list = reader.text("list")};
  const auto when = parse_rfc3339(reader.text("when"));
  if (!when) reader.refuse("when", "expected a time as RFC 3339 has it");
  closed.when = when.value_or(WallTime{});
  const json::Array& lines = reader.array("lines");
  for (std::size_t i = 0; i < lines.size(); ++i) {
    json::Reader item(lines[i], fmt::format("lines[{}]", i));
    std::string meeting = item.text("meeting");
    GREFFE_TRY(const ClosedLine line, closed_line_of(item));
    closed.lines.emplace(std::move(meeting), line);
  }
  GREFFE_CHECK(reader.status());
  return closed;
}

}  // namespace

std::string text_of(const ClosedList& closed) {
  json::Array lines;
  for (const auto& [meeting, line] : closed.lines) {
    json::Object object{{"meeting", meeting}, {"outcome", retention::name_of(line.state)}};
    if (line.again_from) object.set("again_from", greffe::text_of(*line.again_from));
    if (!line.destroyed_by.empty()) object.set("destroyed_by", line.destroyed_by);
    lines.push_back(std::move(object));
  }
  return json::write(json::Object{{"schema", ClosedSchema},
                                  {"list", closed.list},
                                  {"when", rfc3339(closed.when)},
                                  {"lines", std::move(lines)}},
                     json::Style::Indented);
}

Result<std::optional<ClosedList>> read_closed(const Path& folder) {
  const Path file = folder / ClosedFile;
  std::error_code error;
  if (!std::filesystem::exists(file, error)) return std::nullopt;
  GREFFE_TRY(const json::Value value, read_json(file, LargestClosed));
  auto closed = closed_list_of(value);
  if (!closed) return not_whole(file, closed);
  return std::optional(std::move(*closed));
}

}  // namespace greffe::catalog
