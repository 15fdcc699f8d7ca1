// What chunks are rendered for: films of the same pictures, of which each may code them in its own way.
#pragma once

#include <vector>

#include "film/chunk_store.h"
#include "film/film_order.h"

namespace greffe::film {

// The pictures of a film as one codec has them, and where they lie until they are joined. Lent for the time
// of a render.
struct ChunkTarget {
  const FilmOrder* order = nullptr;
  const ChunkStore* store = nullptr;
  std::vector<ChunkId> chunks;  // all of the film, in order
};

// A chunk that is drawn once, for all targets that lack it.
struct WantedChunk {
  std::size_t index = 0;
  std::vector<std::size_t> targets;  // by their place; rising
  std::size_t coder = 0;             // which of each target's
};

}  // namespace greffe::film
