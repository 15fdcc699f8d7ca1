// Draws and codes chunks of a film, one after the other.
#pragma once

#include <memory>
#include <mutex>
#include <span>
#include <vector>

#include "film/chunk_coder.h"
#include "film/film_text.h"
#include "film/picture_stage.h"

namespace greffe::film {

// Pictures are drawn by a thread of their own while those before them are coded, for each target by another.
// Chunks that follow each other cost no decoding twice.
class ChunkRun {
 public:
  // All must outlive this object. The targets that `chunks` name, of which there is at least one, copy the
  // same spans. `waiting`: how many pictures may wait between drawing and coding.
  ChunkRun(const std::vector<ChunkTarget>& targets, const ChunkGrid& grid, std::vector<WantedChunk> chunks,
           std::size_t waiting);

  // Into the stores, in order of time. Call once. Fails with kind Interrupted when a signal or stop() ended
  // it; the chunks told of until then are whole.
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
  Status code(std::size_t target, const ChunkListener& listener);
  void run_whole(const std::function<Status()>& work);
  void fail_with(Error error);

  const std::vector<ChunkTarget>& targets_;
  const ChunkGrid grid_;
  const std::vector<WantedChunk> chunks_;
  const std::size_t waiting_;
  std::mutex mutex_;
  std::unique_ptr<PictureSlots> slots_;              // while it renders
  std::vector<std::unique_ptr<ChunkCoder>> coders_;  // by target; none where no chunk is wanted
  Status failure_;
};

}  // namespace greffe::film
