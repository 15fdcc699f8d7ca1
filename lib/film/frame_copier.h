// Coded frames of tracks → chunks of a film, unchanged.
#pragma once

#include <map>
#include <string>

#include "film/chunk_store.h"
#include "film/copied_spans.h"
#include "timeline/frame_order.h"

namespace greffe::film {

// Reads each track once, as long as pieces are asked for in order of time. Not thread-safe.
class FrameCopier {
 public:
  // `folder` must outlive this object.
  FrameCopier(const timeline::MeetingFolder& folder, const FilmClock& clock)
      : folder_(&folder), clock_(clock) {}

  // The frames that the film's frames of `piece` show, at their own times. A frame belongs to the first frame
  // of the film whose middle it is not behind.
  Status copy(const ChunkPiece& piece, ChunkWriter& writer);

 private:
  // A track up to the frame that is read next.
  struct Source {
    Source(const timeline::TrackSidecar& track, container::Demuxer opened)
        : times(track), demuxer(std::move(opened)) {}
    timeline::FrameOrder times;
    container::Demuxer demuxer;
    std::uint64_t next = 0;
  };
  Result<Source*> source_of(const std::string& track);

  const timeline::MeetingFolder* folder_;
  FilmClock clock_;
  std::map<std::string, Source> sources_;
};

}  // namespace greffe::film
