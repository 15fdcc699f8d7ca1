// The finished chunks of a film that is being rendered: where they lie until they are joined.
#pragma once

#include <optional>

#include "base/held_folder.h"
#include "container/demuxer.h"
#include "container/track_muxer.h"
#include "film/chunk_report.h"
#include "film/film_clock.h"
#include "fixity/digest.h"

namespace greffe::film {

struct ChunkId {
  std::size_t index = 0;
  fixity::Digest key;
};

// A folder of NNNNNN-KEY.mkv, the coded pictures, and NNNNNN-KEY.json, which is written last. Several
// programs may write into one at the same time.
class ChunkStore {
 public:
  explicit ChunkStore(Path folder) : folder_(std::move(folder)) {}

  // Holds the folder, which must be there: chunks go into it even if the meeting folder above is put in
  // another's place. Nothing can be written before.
  Status open();
  // Whether the chunk is there, whole and unchanged.
  bool has(const ChunkId& id) const;
  // Of a chunk that is there.
  Result<ChunkReport> report_of(const ChunkId& id) const;
  Result<container::Demuxer> pictures_of(const ChunkId& id) const;
  // Removes the folder, and the one above if nothing else is in it.
  Status remove();
  const Path& folder() const { return folder_; }
  // A failure with the folder's name as people know it.
  Error named(const Error& error) const { return held_ ? held_->named(error) : error; }

 private:
  friend class ChunkWriter;
  Path path_of(const ChunkId& id, std::string_view ending) const;

  Path folder_;
  std::optional<HeldFolder> held_;
};

// Writes one chunk. Dropped without finish(), it leaves nothing.
class ChunkWriter {
 public:
  static Result<ChunkWriter> create(const ChunkStore& store, const ChunkId& id,
                                    const container::TrackFormat& format, codec::FrameRate rate);
  ChunkWriter(ChunkWriter&& other) noexcept;
  ~ChunkWriter();

  // Frame `film_frame` of the film.
  Status write(const media::CodedFrame& frame, std::int64_t film_frame);
  // One at a time of its own, not before those written.
  Status write_at(const media::CodedFrame& frame, MeetingTime time);
  // Syncs, and makes the chunk one that is there. What was written is counted for `report`.
  Status finish(ChunkReport report);

 private:
  ChunkWriter(const ChunkStore& store, const ChunkId& id, Path part, container::TrackMuxer muxer,
              FilmClock clock)
      : store_(&store), id_(id), part_(std::move(part)), muxer_(std::move(muxer)), clock_(clock) {}

  const ChunkStore* store_;
  ChunkId id_;
  Path part_;  // empty when finished
  container::TrackMuxer muxer_;
  FilmClock clock_;
  std::int64_t packets_ = 0;
};

}  // namespace greffe::film
