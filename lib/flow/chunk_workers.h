// Renders the chunks of a film that are not there yet, several stretches at a time.
#pragma once

#include <condition_variable>
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

#include "base/progress.h"
#include "flow/chunk_run.h"

namespace greffe::flow {

class ChunkWorkers {
 public:
  // All must outlive this object. `jobs`: how many threads may be busy, 0 as many as there are processors.
  ChunkWorkers(const FilmOrder& order, const ChunkGrid& grid, const ChunkStore& store, unsigned jobs,
               ProgressSink& progress);
  // Stops and waits.
  ~ChunkWorkers();

  // All chunks of the film, with their keys.
  const std::vector<ChunkId>& chunks() const { return chunks_; }
  // Those of chunks() from `first` up to `end` that are not in the store, of which every byte is read. Call
  // once.
  std::vector<ChunkId> find_missing(std::size_t first, std::size_t end);
  // Begins with what find_missing() gave. Call once, from the thread that waits.
  void start(const std::vector<ChunkId>& missing);
  // Waits until the chunk is in the store. False when it will not come: status() tells why.
  bool wait_for(std::size_t chunk);
  // Waits for all that was begun.
  Status finish();
  void stop();

 private:
  void note_done(std::size_t chunk);
  void note_end(const Status& done);

  const FilmOrder& order_;
  const ChunkGrid grid_;
  const ChunkStore& store_;
  const unsigned jobs_;
  ProgressSink& progress_;
  std::vector<ChunkId> chunks_;

  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<bool> there_;
  std::size_t running_ = 0;
  std::uint64_t frames_done_ = 0, frames_wanted_ = 0;
  bool stopped_ = false;
  Status failure_;
  std::vector<std::unique_ptr<ChunkRun>> runs_;
  std::vector<std::jthread> threads_;
};

}  // namespace greffe::flow
