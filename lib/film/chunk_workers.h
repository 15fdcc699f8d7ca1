// Renders the chunks of films that are not there yet, several stretches at a time.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/progress.h"
#include "film/chunk_run.h"

namespace greffe::film {

// A film's pictures as they are asked for. Lent for the time of a render.
struct ChunkWish {
  const FilmOrder* order = nullptr;
  const ChunkStore* store = nullptr;
};

class ChunkWorkers {
 public:
  // Films of the same pictures, one for each codec; at least one. What is pointed to must outlive this
  // object. `jobs`: how many threads may be busy, 0 as many as there are processors.
  ChunkWorkers(const std::vector<ChunkWish>& wishes, unsigned jobs, ProgressSink& progress);
  // Stops and waits.
  ~ChunkWorkers();

  const ChunkGrid& grid() const { return grid_; }
  // With the keys of all chunks, in the order of the wishes.
  const std::vector<ChunkTarget>& targets() const { return targets_; }
  // Those of a target from `first` up to `end` that are not in the store, of which every byte is read. They
  // are what start() begins with. Call once for each target.
  std::vector<ChunkId> find_missing(std::size_t target, std::size_t first, std::size_t end);
  // Call once, from the thread that waits. Where the system gives too few threads, finish() tells so.
  void start();
  // Waits until the chunk is in the store. False when it will not come: finish() tells why.
  bool wait_for(std::size_t target, std::size_t chunk);
  // Waits for all that was begun.
  Status finish();
  void stop();

 private:
  using Stretches = std::vector<std::unique_ptr<ChunkRun>>;

  std::vector<std::vector<WantedChunk>> wanted_by_group() const;
  Status render(const Stretches& stretches);
  void note_done(std::size_t target, std::size_t chunk);
  void note_end(const Status& done);

  const unsigned jobs_;
  ProgressSink& progress_;
  ChunkGrid grid_;
  std::vector<ChunkTarget> targets_;
  std::vector<std::vector<bool>> wanted_;  // by target and chunk

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::vector<bool>> there_;  // by target and chunk
  std::size_t running_ = 0;
  std::uint64_t frames_done_ = 0, frames_wanted_ = 0;
  bool stopped_ = false;
  Status failure_;
  std::vector<Stretches> runs_;  // by thread, one after the other
  std::vector<std::jthread> threads_;
};

}  // namespace greffe::film
