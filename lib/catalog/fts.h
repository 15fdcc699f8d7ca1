// Words as FTS5 wants them.
#pragma once

#include <string>
#include <string_view>

namespace greffe::catalog {

// FTS5 syntax for "these words in a row": any text is safe.
std::string fts_phrase(std::string_view phrase);
// False where the tokenizer would find nothing: no letter, no digit.
bool has_word(std::string_view phrase);

}  // namespace greffe::catalog
