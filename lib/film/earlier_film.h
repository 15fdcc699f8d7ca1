// The film of the same name that is being replaced: its chunks need not be rendered again.
#pragma once

#include <map>
#include <string>

#include "film/chunk_store.h"
#include "film/film_order.h"

namespace greffe::film {

// A film and its receipt that are as they were written, or nothing: what is in doubt is rendered.
class EarlierFilm {
 public:
  // Reads all of the film where its receipt names chunks among `wanted`. Matroska and WebM only.
  static EarlierFilm open(const Path& film, const std::vector<ChunkId>& wanted);

  bool empty() const { return chunks_.empty(); }
  // Takes its chunks of `order` that `store` does not have into it. Gives how many. Fails only when the store
  // cannot be written to.
  Result<std::size_t> give(const FilmOrder& order, const ChunkStore& store) const;

 private:
  struct EarlierChunk {
    ChunkId id;
    ChunkReport report;
    std::uint64_t first_packet = 0;
  };
  Result<bool> give_one(const EarlierChunk& chunk, container::Demuxer& pictures, std::uint64_t& next,
                        const FilmOrder& order, const ChunkStore& store) const;

  Path film_;
  std::vector<EarlierChunk> chunks_;  // in order of their place
};

}  // namespace greffe::film
