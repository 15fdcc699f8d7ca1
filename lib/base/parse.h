// Numbers and parts of text, for all who read words of others.
#pragma once

#include <algorithm>
#include <charconv>
#include <optional>
#include <string_view>

namespace greffe {

// All of `text` in decimal, as std::from_chars reads it: no blanks, no '+', no '-' where N has no sign.
// nullopt where anything is left over, nothing is there, or N cannot hold it. A double may be infinite or no
// number at all.
template <class N>
std::optional<N> find_number(std::string_view text) {
  N number{};
  const char* const end = text.data() + text.size();
  const auto [stop, error] = std::from_chars(text.data(), end, number);
  return error == std::errc{} && stop == end ? std::optional(number) : std::nullopt;
}

// The text up to the next `mark`, taken off the front of `text` together with the mark; without one, all.
inline std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

}  // namespace greffe
