#include "cli/csv.h"

#include "base/text.h"

namespace greffe::cli {
namespace {

std::string text_cell(std::string_view text) {
  std::string cell = printable(text);
  if (!cell.empty() && std::string_view("=+-@\t'").find(cell.front()) != std::string_view::npos)
    cell.insert(cell.begin(), '\'');
  if (cell.find_first_of(",\"\n") == std::string::npos && trimmed(cell).size() == cell.size()) return cell;
  std::string quoted = "\"";
  for (const char c : cell) {
    if (c == '"') quoted += '"';
    quoted += c;
  }
  return quoted + '"';
}

std::string cell_of(const json::Value& value) {
  if (value.is_null()) return {};
  if (value.is_number()) return json::write(value);
  const std::string* const text = value.find_text();
  return text_cell(text != nullptr ? *text : json::write(value));
}

}  // namespace

std::string csv_line(std::span<const json::Value> cells) {
  std::string line;
  for (std::size_t i = 0; i < cells.size(); ++i) {
    if (i > 0) line += ',';
    line += cell_of(cells[i]);
  }
  return line + "\r\n";
}

std::string csv_header(std::span<const std::string_view> names) {
  std::string line;
  for (const std::string_view name : names) {
    if (!line.empty()) line += ',';
    line += text_cell(name);
  }
  return line + "\r\n";
}

}  // namespace greffe::cli
