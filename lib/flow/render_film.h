// Scenes, tracks and cues → the bytes of one film.
#pragma once

#include "base/damage_log.h"
#include "base/progress.h"
#include "flow/chunk_store.h"
#include "flow/film_order.h"

namespace greffe::flow {

// One of several parts of the work, which may be done on other machines. 0: all.
struct ChunkShare {
  unsigned number = 1;  // from 1 to `of`
  unsigned of = 1;
};

// What a film is joined of, in order.
struct RenderedChunk {
  ChunkId id;
  ChunkReport report;
};
using RenderedChunks = std::vector<RenderedChunk>;

class ChunkWorkers;

// Pictures are rendered in chunks into `store`, those that are there already are taken as they are, and the
// chunks are joined with the sound, which is coded in one pass. What comes out depends on neither `jobs` nor
// on what was in the store. After a failure the chunks that were finished stay in it.
struct Rendering {
  const FilmOrder& order;
  ChunkStore& store;
  unsigned jobs = 0;
  ProgressSink& progress;
  std::optional<Path> earlier = std::nullopt;  // a film whose chunks serve as well as new ones

  // The chunks of a share and nothing else.
  Status render_chunks(const ChunkShare& share) const;
  // Writes the film to `target`, replacing what is there; not synced. On failure `target` is of no use.
  Result<RenderedChunks> render_film(const Path& target, DamageLog& damage) const;
  // The same without rendering anything: fails when a chunk is missing, and says which.
  Result<RenderedChunks> join(const Path& target, DamageLog& damage) const;

 private:
  Result<std::vector<ChunkId>> missing(ChunkWorkers& workers, const ChunkShare& share) const;
};

}  // namespace greffe::flow
