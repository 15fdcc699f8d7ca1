// Scenes, tracks and cues → the bytes of a film, or of several at once.
#pragma once

#include "base/damage_log.h"
#include "base/progress.h"
#include "film/chunk_store.h"
#include "film/film_order.h"

namespace greffe::film {

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

// One of the films that are made in a pass, and where its chunks lie until then.
struct FilmJob {
  FilmOrder order;
  ChunkStore store;
  std::optional<Path> earlier = std::nullopt;  // a film whose chunks serve as well as new ones
};

class SoundFeed;

// Films of the same pictures and sound, which differ in how they are coded. What is decoded, drawn and mixed
// is so once for all of them; each comes out as if it were made alone.
//
// Pictures are rendered in chunks into the stores, those that are there already are taken as they are, and
// the chunks are joined with the sound, which is coded in one pass. Films in one codec share the store of the
// first of them. What comes out depends on neither `jobs` nor on what was in the stores. After a failure the
// chunks that were finished stay in them.
struct Rendering {
  const std::vector<FilmJob>& films;  // one at least
  unsigned jobs = 0;
  ProgressSink& progress;

  // The chunks of a share and nothing else.
  Status render_chunks(const ChunkShare& share) const;
  // Writes the films to `targets`, replacing what is there; not synced. On failure `targets` are of no use.
  Result<std::vector<RenderedChunks>> render_films(const std::vector<Path>& targets, DamageLog& damage) const;
  // The same without rendering anything: fails when a chunk is missing, and says which.
  Result<std::vector<RenderedChunks>> join(const std::vector<Path>& targets, DamageLog& damage) const;

 private:
  struct Chunks;
  Status find_missing(Chunks& chunks, const ChunkShare& share) const;
  Status join_all(Chunks& chunks, SoundFeed& sound, const std::vector<Path>& targets) const;
  Result<std::vector<RenderedChunks>> write_films(Chunks& chunks, const std::vector<Path>& targets,
                                                  DamageLog& damage) const;
};

}  // namespace greffe::film
