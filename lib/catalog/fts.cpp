#include "catalog/fts.h"

#include <algorithm>
#include <cctype>

namespace greffe::catalog {

// A string in double quotes, quotes inside doubled.
std::string fts_phrase(std::string_view phrase) {
  std::string text = "\"";
  for (const char c : phrase)
    text += c == '"' ? std::string("\"\"") : c == '\0' ? std::string(" ") : std::string(1, c);
  return text + "\"";
}

// What unicode61 may take as part of a word: ASCII letters and digits, and all beyond ASCII.
bool has_word(std::string_view phrase) {
  return std::any_of(phrase.begin(), phrase.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte >= 0x80 || std::isalnum(byte);
  });
}

}  // namespace greffe::catalog
