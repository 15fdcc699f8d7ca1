// What makes a chunk of a film: everything that has a say in its pictures, as one digest.
#pragma once

#include "film/chunk_grid.h"
#include "film/film_order.h"
#include "film/font_print.h"
#include "fixity/digest.h"

namespace greffe::film {

// Chunks with equal keys have equal bytes, in any film of the meeting.
class ChunkKeys {
 public:
  // All must outlive this object; `fonts` are of this order, or of another film made along with it.
  ChunkKeys(const FilmOrder& order, const ChunkGrid& grid, const FontPrint& fonts);
  fixity::Digest of(std::size_t chunk) const;

 private:
  const FilmOrder& order_;
  ChunkGrid grid_;
  const FontPrint& fonts_;
  json::Object common_;  // to all chunks
};

}  // namespace greffe::film
