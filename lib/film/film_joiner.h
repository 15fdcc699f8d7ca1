// Chunks of pictures, sound and cues → one film's file.
#pragma once

#include "container/film_muxer.h"
#include "film/chunk_workers.h"
#include "film/sound_feed.h"

namespace greffe::film {

// A film of several that are made at once, by its place among them.
struct JoinedFilm {
  const FilmOrder& order;
  std::size_t film = 0;    // of the sound
  std::size_t target = 0;  // of the chunks
};

// Takes pictures and sound as they come.
class FilmJoiner {
 public:
  // All must outlive this object.
  FilmJoiner(const JoinedFilm& film, ChunkWorkers& workers, SoundFeed& sound);

  // Writes the film to `target`, replacing what is there; not synced. On failure, and where chunks or sound
  // did not come to their end, `target` is of no use.
  Status write(const Path& target);

 private:
  class Feed;

  bool variable_rate() const { return !order_.copied.empty(); }
  MeetingTime time_of(const media::CodedFrame& picture) const;
  Status write_film(container::FilmMuxer& muxer, Bytes codec_private);
  Status write_cues_until(container::FilmMuxer& muxer, MeetingTime time);
  Result<container::FilmFormat> format() const;

  const JoinedFilm film_;
  const FilmOrder& order_;
  ChunkWorkers& workers_;
  SoundFeed& sound_;
  std::size_t next_cue_ = 0;
};

}  // namespace greffe::film
