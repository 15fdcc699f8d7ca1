#include "flow/chunk_workers.h"

#include <algorithm>
#include <new>

#include "flow/chunk_keys.h"
#include "flow/parallel.h"

namespace greffe::flow {
namespace {

// Pictures between drawing and coding, of all runs together: enough to even out key frames, and a bound for
// memory whatever the size of the film.
constexpr std::size_t WaitingBytes = 64u << 20;
constexpr std::size_t FewestWaiting = 4, MostWaiting = 32;

std::size_t slots_of(const layout::ScenePlan& plan, std::size_t runs) {
  const std::size_t picture =
      static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height) * 3 / 2;
  return std::clamp(WaitingBytes / runs / picture, FewestWaiting, MostWaiting);
}

// A run keeps two processors busy, one that draws and one that codes.
std::size_t runs_of(unsigned jobs, std::size_t chunks) {
  if (jobs == 0) jobs = std::clamp(std::thread::hardware_concurrency(), 1u, MostJobs);
  return std::clamp<std::size_t>((jobs + 1) / 2, 1, std::max<std::size_t>(1, chunks));
}

}  // namespace

ChunkWorkers::ChunkWorkers(const FilmOrder& order, const ChunkGrid& grid, const ChunkStore& store,
                           unsigned jobs, ProgressSink& progress)
    : order_(order), grid_(grid), store_(store), jobs_(jobs), progress_(progress), there_(grid.count()) {
  const ChunkKeys keys(order, grid);
  for (std::size_t i = 0; i < grid.count(); ++i) chunks_.push_back({i, keys.of(i)});
}

ChunkWorkers::~ChunkWorkers() { stop(); }

std::vector<ChunkId> ChunkWorkers::find_missing(std::size_t first, std::size_t end) {
  std::vector<ChunkId> missing;
  for (std::size_t i = first; i < end; ++i) {
    const FrameSpan span = grid_.span_of(i);
    frames_wanted_ += static_cast<std::uint64_t>(span.end - span.first);
    if ((there_[i] = store_.has(chunks_[i])))
      frames_done_ += static_cast<std::uint64_t>(span.end - span.first);
    else
      missing.push_back(chunks_[i]);
  }
  return missing;
}

void ChunkWorkers::start(const std::vector<ChunkId>& missing) {
  if (missing.empty()) return;
  const std::size_t runs = runs_of(jobs_, missing.size());
  running_ = runs;
  const auto begin = missing.begin();
  const auto at = [&](std::size_t run) {
    return begin + static_cast<std::ptrdiff_t>(missing.size() * run / runs);
  };
  for (std::size_t i = 0; i < runs; ++i)
    runs_.push_back(std::make_unique<ChunkRun>(order_, grid_, store_, slots_of(*order_.plan, runs)));
  for (std::size_t i = 0; i < runs; ++i)
    threads_.emplace_back([this, i, stretch = std::vector<ChunkId>(at(i), at(i + 1))] {
      // The standard library throws where memory ends, which must not end the program (R101).
      Status done;
      try {
        const ChunkListener listener{[this](std::size_t chunk) { note_done(chunk); },
                                     [this](std::int64_t frames) {
                                       const std::lock_guard lock(mutex_);
                                       frames_done_ += static_cast<std::uint64_t>(frames);
                                       progress_.advance("composing", frames_done_, frames_wanted_);
                                     }};
        done = runs_[i]->render(stretch, listener);
      } catch (const std::bad_alloc&) {
        done = fail("out of memory");
      }
      note_end(done);
    });
}

void ChunkWorkers::note_done(std::size_t chunk) {
  const std::lock_guard lock(mutex_);
  there_[chunk] = true;
  changed_.notify_all();
}

void ChunkWorkers::note_end(const Status& done) {
  {
    const std::lock_guard lock(mutex_);
    --running_;
    if (!done && failure_) failure_ = done;
    changed_.notify_all();
  }
  if (!done) stop();
}

bool ChunkWorkers::wait_for(std::size_t chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return there_[chunk] || running_ == 0 || stopped_; });
  return there_[chunk];
}

Status ChunkWorkers::finish() {
  threads_.clear();
  return failure_;
}

void ChunkWorkers::stop() {
  {
    const std::lock_guard lock(mutex_);
    stopped_ = true;
    changed_.notify_all();
  }
  for (const auto& run : runs_) run->stop();
}

}  // namespace greffe::flow
