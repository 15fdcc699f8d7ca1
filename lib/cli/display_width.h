// How much room text takes on a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace greffe::cli {

// Terminal columns: 2 for East Asian wide characters and emoji, 0 for marks that combine and what is not
// seen, else 1.
std::size_t display_width(char32_t character);
std::size_t display_width(std::string_view text);

// `text` in at most `width` columns (at least 1), with an ellipsis where something is left out.
std::string cut_to_width(std::string_view text, std::size_t width);

}  // namespace greffe::cli
