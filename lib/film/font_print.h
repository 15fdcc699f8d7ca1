// What the fonts of this machine make of characters: the part of a picture that no digest of inputs tells.
#pragma once

#include <map>
#include <set>
#include <string_view>

#include "film/film_order.h"
#include "fixity/digest.h"

namespace greffe::film {

// So chunks with boxes in them are drawn again once the font is installed that was missing.
class FontPrint {
 public:
  // Looks at all characters that this film's pictures can have.
  explicit FontPrint(const FilmOrder& order);
  // Another one when any character of `text`, or of names and title, comes from another font or another
  // version of one.
  fixity::Digest of(std::string_view text) const;

 private:
  std::map<char32_t, fixity::Digest> glyphs_;
  std::set<char32_t> everywhere_;  // may be in any chunk
};

}  // namespace greffe::film
