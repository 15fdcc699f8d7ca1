// Draws and codes chunks of a film, one after the other.
#pragma once

#include <functional>
#include <mutex>
#include <span>
#include <vector>

#include "canvas/canvas.h"
#include "flow/bounded_queue.h"
#include "flow/chunk_grid.h"
#include "flow/chunk_store.h"
#include "flow/film_order.h"
#include "flow/film_text.h"
#include "flow/frame_copier.h"
#include "flow/picture_stage.h"

namespace greffe::flow {

// Who is told, from the threads of the run.
struct ChunkListener {
  std::function<void(std::size_t chunk)> done;  // it is in the store
  std::function<void(std::int64_t frames)> frames_coded;
};

// Pictures are drawn by a thread of their own while those before them are coded. Chunks that follow each
// other cost no decoding twice.
class ChunkRun {
 public:
  // All must outlive this object. `slots`: how many pictures may wait between drawing and coding.
  ChunkRun(const FilmOrder& order, const ChunkGrid& grid, const ChunkStore& store, std::size_t slots);

  // Into the store. `chunks` in order of time. Fails with kind Interrupted when a signal or stop() ended it;
  // the chunks told of until then are whole.
  Status render(std::span<const ChunkId> chunks, const ChunkListener& listener);
  // From any thread.
  void stop();

 private:
  // A slot's canvas, or the one before once more, or the end of a chunk.
  struct Drawn {
    std::size_t slot = 0;
    bool repeat = false;
    std::vector<codec::PixelRect> changed;
    std::optional<ChunkReport> end;
  };

  void draw(std::span<const ChunkId> chunks, PictureStage& stage, FilmText& text);
  bool draw_picture(PictureStage& stage, FilmText& text, std::int64_t frame, bool first);
  Status code(std::span<const ChunkId> chunks, const ChunkListener& listener);
  bool draw_piece(PictureStage& stage, FilmText& text, const FrameSpan& span);
  Status code_chunk(const ChunkId& id, const ChunkListener& listener);
  Status code_piece(const FrameSpan& span, codec::VideoEncoder& encoder, ChunkWriter& writer,
                    const ChunkListener& listener);
  codec::VideoEncoderOptions encoder_options(const FrameSpan& span) const;
  container::TrackFormat format(Bytes codec_private) const;
  void fail_with(Error error);

  const FilmOrder& order_;
  const ChunkGrid grid_;
  const ChunkStore& store_;
  std::vector<canvas::Canvas> canvases_;
  BoundedQueue<std::size_t> free_;
  BoundedQueue<Drawn> drawn_;
  std::optional<std::size_t> held_;  // the slot that was coded last
  FrameCopier copier_;
  std::mutex failure_mutex_;
  Status failure_;
};

}  // namespace greffe::flow
