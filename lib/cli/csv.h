// Rows for spreadsheets and scripts: CSV as RFC 4180 has it, in UTF-8.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "json/value.h"

namespace greffe::cli {

// One line with its CR LF; null is an empty cell. Text of others is made harmless: control characters but tab
// and line break are escaped, and where a spreadsheet would take a text for a formula (it begins with one of
// = + - @ or a tab) an apostrophe goes before it, as before one that begins with an apostrophe: who takes one
// away has the text. Numbers are never touched.
std::string csv_line(std::span<const json::Value> cells);
// The titles of the columns.
std::string csv_header(std::span<const std::string_view> names);

}  // namespace greffe::cli
