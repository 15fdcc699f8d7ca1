// Draws and codes chunks of a film, one after the other.
#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "film/chunk_coder.h"
#include "film/film_text.h"
#include "film/picture_stage.h"

namespace greffe::film {

// How much a run does at once.
struct RunWidth {
  std::size_t waiting = 4;  // pictures that may wait between drawing and coding
  std::size_t coders = 1;   // of each target, which take turns with the chunks
};

// Pictures are drawn by a thread of their own while those before them are coded, for each target by others:
// where coding takes longer than drawing, a second coder begins with the next chunk while the first has not
// ended its own. Chunks that follow each other cost no decoding twice.
class ChunkRun {
 public:
  // All must outlive this object. The targets that `chunks` name, of which there is at least one, copy the
  // same spans.
  ChunkRun(const std::vector<ChunkTarget>& targets, const ChunkGrid& grid, std::vector<WantedChunk> chunks,
           const RunWidth& width);

  // Into the stores, with several coders not always in order of time. Call once. Fails with kind Interrupted
  // when a signal or stop() ended it; the chunks told of until then are whole.
  Status render(const ChunkListener& listener);
  // From any thread.
  void stop();

 private:
  struct Drawing;

  void draw(Drawing& drawing);
  bool draw_chunk(Drawing& drawing, const WantedChunk& chunk);
  bool draw_piece(Drawing& drawing, const WantedChunk& chunk, const FrameSpan& span);
  bool draw_picture(Drawing& drawing, const WantedChunk& chunk, std::int64_t frame, bool first);
  bool push(const WantedChunk& chunk, const DrawnPicture& drawn);
  Status code(std::size_t target, std::size_t coder, const ChunkListener& listener);
  void run_whole(const std::function<Status()>& work);
  void fail_with(Error error);

  const std::vector<ChunkTarget>& targets_;
  const ChunkGrid grid_;
  std::vector<WantedChunk> chunks_;
  const RunWidth width_;
  std::mutex mutex_;
  std::unique_ptr<PictureSlots> slots_;                                     // while it renders
  std::map<std::size_t, std::vector<std::unique_ptr<ChunkCoder>>> coders_;  // by target
  Status failure_;
};

}  // namespace greffe::film
