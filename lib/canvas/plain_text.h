// Text of strangers made fit to be drawn: no control characters, nothing that libass could take for an order.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace greffe::canvas {

// Valid UTF-8 on one line: line breaks and tabs become blanks; C0, C1 and bidi controls, variation selectors
// and invisible tags are left out (R65, R87). Each line stands alone, so no direction leaks out of it.
std::string drawable_line(std::string_view text);

// Which way a text is read: by its first letter that has a direction (UAX #9, P2). `None` for one without.
enum class Direction : std::uint8_t { None, LeftToRight, RightToLeft };
Direction direction_of(std::string_view text);

// A line of a text that is read that way, which a mark ahead of it says where its own letters would not.
std::string directed_line(std::string line, Direction of_text);

// The text as libass prints it and nothing else: a backslash is followed by U+2060, braces have a backslash
// (measured with 0.17.1, formats/transcripts 3.3). For a drawable line.
std::string escaped_for_ass(std::string_view line);

// What a reader takes for one character each: a base with its marks, joined emoji, pairs of flag letters. A
// storm of marks is cut after eight. At most `limit` of them.
std::vector<std::string> graphemes(std::string_view line, std::size_t limit);

// First letters of the first and last word that begin with a letter: "Amélie Roux" and "Amélie Roux (2)" →
// "AR"; "?" for a name without any.
std::string initials_of(std::string_view name);

}  // namespace greffe::canvas
