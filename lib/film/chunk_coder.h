// Drawn pictures → the chunks of one target.
#pragma once

#include <atomic>
#include <functional>
#include <vector>

#include "base/bounded_queue.h"
#include "canvas/canvas.h"
#include "codec/video_encoder.h"
#include "film/chunk_grid.h"
#include "film/chunk_target.h"
#include "film/frame_copier.h"

namespace greffe::film {

// Who is told, from the threads of a run.
struct ChunkListener {
  std::function<void(std::size_t target, std::size_t chunk)> done;  // it is in the store
  std::function<void(std::int64_t frames)> frames_coded;
};

// Pictures that wait between drawing and coding. Each is drawn once and lent to all who code it; the last who
// gives it back makes room for another.
class PictureSlots {
 public:
  PictureSlots(int width_px, int height_px, std::size_t count);

  // A free one, which is the caller's until lend(). None once it is closed.
  std::optional<std::size_t> take() { return free_.pop(); }
  canvas::Canvas& canvas(std::size_t slot) { return canvases_[slot]; }
  void lend(std::size_t slot, int users) { users_[slot] = users; }
  void give_back(std::size_t slot) {
    if (--users_[slot] == 0) free_.push(slot);
  }
  void close() { free_.close(); }

 private:
  std::vector<canvas::Canvas> canvases_;
  std::vector<std::atomic<int>> users_;
  BoundedQueue<std::size_t> free_;
};

// A slot's picture, or the one before once more, or the end of a chunk.
struct DrawnPicture {
  std::size_t slot = 0;
  bool repeat = false;
  std::vector<codec::PixelRect> changed;
  std::optional<ChunkReport> end;
};

// Codes what one thread draws, on another. What it writes depends on its own target alone.
class ChunkCoder {
 public:
  // All must outlive this object; `number` is the target's place. `waiting`: how many pictures may wait.
  ChunkCoder(const ChunkTarget& target, std::size_t number, const ChunkGrid& grid, PictureSlots& slots,
             std::size_t waiting);

  // By the one who draws: in order, for each chunk that is coded what of it is not copied, then its end. The
  // first picture of a piece is never a repeat. False when nobody codes any more.
  bool push(DrawnPicture drawn) { return drawn_.push(std::move(drawn)); }
  void close() { drawn_.close(); }

  // Into the target's store. Fails with kind Interrupted when close() ended it.
  Status code_chunk(std::size_t chunk, const ChunkListener& listener);

 private:
  Status code_piece(const FrameSpan& span, codec::VideoEncoder& encoder, ChunkWriter& writer,
                    const ChunkListener& listener);
  codec::VideoEncoderOptions encoder_options(const FrameSpan& span) const;
  container::TrackFormat format(Bytes codec_private) const;
  void let_go();

  const ChunkTarget& target_;
  const FilmOrder& order_;
  const std::size_t number_;
  const ChunkGrid grid_;
  PictureSlots& slots_;
  BoundedQueue<DrawnPicture> drawn_;
  std::optional<std::size_t> held_;  // the slot that was coded last
  FrameCopier copier_;
};

}  // namespace greffe::film
