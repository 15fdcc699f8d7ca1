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
  // `order` must outlive this object.
  ChunkKeys(const FilmOrder& order, const ChunkGrid& grid);
  fixity::Digest of(std::size_t chunk) const;

 private:
  const FilmOrder& order_;
  ChunkGrid grid_;
  FontPrint fonts_;
  json::Object common_;  // to all chunks
};

}  // namespace greffe::film
