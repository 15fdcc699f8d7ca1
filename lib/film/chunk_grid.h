// The grid of meeting time on which a film is rendered piece by piece (DESIGN 6).
#pragma once

#include <algorithm>

#include "film/film_clock.h"

namespace greffe::film {

struct FrameSpan {
  std::int64_t first = 0;
  std::int64_t end = 0;  // behind the last
  bool operator==(const FrameSpan&) const = default;
};

// Chunk i holds the frames that begin in [10 s · i, 10 s · (i + 1)): never a function of how many jobs there
// are.
struct ChunkGrid {
  FilmClock clock;
  std::int64_t frames = 0;  // of the film

  static constexpr Duration Length = std::chrono::seconds(10);

  // Counts them: to be asked once.
  std::size_t count() const {
    std::size_t chunks = 0;
    while (first_of(chunks) < frames) ++chunks;
    return chunks;
  }
  FrameSpan span_of(std::size_t chunk) const {
    return {std::min(frames, first_of(chunk)), std::min(frames, first_of(chunk + 1))};
  }
  TimeRange range_of(std::size_t chunk) const {
    const FrameSpan span = span_of(chunk);
    return {clock.start_of(span.first), clock.start_of(span.end)};
  }

 private:
  std::int64_t first_of(std::size_t chunk) const {
    return clock.frames_until(MeetingTime(Length * static_cast<std::int64_t>(chunk)));
  }
};

}  // namespace greffe::film
