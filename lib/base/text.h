// Text as bytes: UTF-8 checked, control characters kept from people's terminals.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace greffe {

// `text` with every invalid UTF-8 sequence as U+FFFD (Unicode 15 §3.9, maximal subparts).
std::string valid_utf8(std::string_view text);
bool is_valid_utf8(std::string_view text);

// The code points of `text`; invalid bytes come as U+FFFD.
std::vector<char32_t> code_points(std::string_view text);
void append_utf8(std::string& text, char32_t code_point);

// For terminals and logs: C0, C1, DEL and bidi control characters written as \u{…}; newline and tab stay.
std::string printable(std::string_view text);

// For file names of our own: letters, digits, '-', '_' and '.'; all else becomes '-'; at most `limit` bytes,
// never empty, never starting with '.'.
std::string file_name_of(std::string_view text, std::size_t limit = 64);

// Valid UTF-8 `text`, where it is longer than `limit` bytes cut between two code points and ending in "…"
// within them. `limit` >= 3.
std::string shortened(std::string_view text, std::size_t limit);

std::string_view trimmed(std::string_view text);
// ASCII.
constexpr bool is_digit(char c) { return c >= '0' && c <= '9'; }
// ASCII letters small; all else as it is.
std::string lower_case(std::string_view text);

}  // namespace greffe
