#include "catalog/disposal_reader.h"

#include <algorithm>

#include "catalog/archive.h"

namespace greffe::catalog {
namespace {

bool is_lower_hex(std::string_view text) {
  return std::all_of(text.begin(), text.end(),
                     [](char c) { return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'); });
}

template <class Items>
bool is_rising(const Items& items) {
  return std::adjacent_find(items.begin(), items.end(),
                            [](const auto& a, const auto& b) { return !(a < b); }) == items.end();
}

}  // namespace

void RecordReader::schema(std::string_view expected) {
  if (reader_.text("schema") != expected) reader_.refuse("schema", fmt::format("expected {}", expected));
}

std::string RecordReader::any_text(std::string_view name) { return reader_.find_text(name).value_or(""); }

std::string RecordReader::some_text(std::string_view name) {
  std::string text = reader_.text(name);
  if (text.empty()) refuse(name, "empty");
  return text;
}

std::string RecordReader::meeting(std::string_view name) {
  std::string id = reader_.text(name);
  if (!is_meeting_id(id)) refuse(name, "no meeting id");
  return id;
}

std::string RecordReader::list(std::string_view name) {
  std::string id = reader_.text(name);
  if (!is_list_id(id)) refuse(name, "no id of a list");
  return id;
}

std::string RecordReader::hex(std::string_view name, std::size_t digits) {
  std::string text = reader_.text(name);
  if (text.size() != digits || !is_lower_hex(text))
    refuse(name, fmt::format("expected {} hex digits", digits));
  return text;
}

std::string RecordReader::one_of(std::string_view name, std::initializer_list<std::string_view> known) {
  std::string text = reader_.text(name);
  if (std::find(known.begin(), known.end(), text) == known.end())
    refuse(name, fmt::format("expected one of {}", fmt::join(known, ", ")));
  return text;
}

std::int64_t RecordReader::number(std::string_view name, std::int64_t least, std::int64_t most) {
  const std::int64_t number = reader_.integer(name);
  if (number >= least && number <= most) return number;
  refuse(name, fmt::format("expected a whole number from {} to {}", least, most));
  return least;
}

CivilDate RecordReader::day(std::string_view name) {
  const auto date = parse_date(reader_.text(name));
  if (!date) refuse(name, "expected a day such as 2026-11-20");
  return date.value_or(CivilDate{});
}

std::optional<CivilDate> RecordReader::find_day(std::string_view name) {
  if (reader_.find(name) == nullptr) return std::nullopt;
  return day(name);
}

WallTime RecordReader::instant(std::string_view name) {
  const auto time = parse_rfc3339(reader_.text(name));
  if (!time) refuse(name, "expected a time as RFC 3339 has it");
  return time.value_or(WallTime{});
}

Person RecordReader::person(std::string_view name) {
  RecordReader reader(object(name), place_of(name));
  Person person{.login = reader.some_text("login"),
                .uid = reader.number("uid", 0, std::numeric_limits<std::uint32_t>::max()),
                .host = reader.text("host")};
  take(reader.status());
  return person;
}

std::vector<std::string> RecordReader::texts(std::string_view name) {
  std::vector<std::string> found;
  for (const json::Value& item : array(name)) {
    if (const std::string* text = item.find_text(); text != nullptr && !text->empty())
      found.push_back(*text);
    else
      refuse(name, "expected texts");
  }
  return found;
}

std::vector<std::string> RecordReader::meetings(std::string_view name) {
  std::vector<std::string> found = texts(name);
  if (!std::all_of(found.begin(), found.end(), is_meeting_id)) refuse(name, "expected ids of meetings");
  if (!is_rising(found)) refuse(name, "expected in order, each once");
  return found;
}

std::map<std::string, std::string> RecordReader::states(std::string_view name) {
  std::map<std::string, std::string> found;
  for (const auto& [meeting, state] : reader_.object(name)) {
    const std::string* text = state.find_text();
    if (!is_meeting_id(meeting) || text == nullptr || text->empty())
      refuse(name, "expected a state for each id of a meeting");
    else
      found[meeting] = *text;
  }
  return found;
}

std::vector<std::int64_t> RecordReader::numbers(std::string_view name) {
  std::vector<std::int64_t> found;
  for (const json::Value& item : array(name)) {
    if (const std::int64_t* number = item.find_integer(); number != nullptr && *number > 0)
      found.push_back(*number);
    else
      refuse(name, "expected numbers from 1");
  }
  if (!is_rising(found)) refuse(name, "expected in order, each once");
  return found;
}

const json::Array& RecordReader::array(std::string_view name) {
  if (reader_.find(name) == nullptr) refuse(name, "missing");
  return reader_.array(name);
}

const json::Value& RecordReader::object(std::string_view name) {
  static const json::Value nothing = json::Object{};
  const json::Value* value = reader_.find(name);
  if (value != nullptr) return *value;
  refuse(name, "missing");
  return nothing;
}

void RecordReader::take(const Status& part) {
  if (status()) inner_ = part;
}

}  // namespace greffe::catalog
