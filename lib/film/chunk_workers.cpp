#include "film/chunk_workers.h"

#include <algorithm>

#include "base/parallel.h"
#include "film/chunk_keys.h"

namespace greffe::film {
namespace {

// Pictures between drawing and coding, of all runs together: enough for a second coder to begin before the
// first has ended, and a bound for memory whatever the size of the film and however many code it.
constexpr std::size_t WaitingBytes = 64u << 20;
constexpr std::size_t FewestWaiting = 4, MostWaiting = 96;

std::size_t slots_of(const layout::ScenePlan& plan, std::size_t runs) {
  const std::size_t picture =
      static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height) * 3 / 2;
  return std::clamp(WaitingBytes / runs / picture, FewestWaiting, MostWaiting);
}

// A run keeps a processor busy that draws, and one for each target.
std::size_t runs_of(unsigned jobs, std::size_t targets, std::size_t chunks) {
  return std::clamp<std::size_t>((jobs + targets) / (targets + 1), 1, std::max<std::size_t>(1, chunks));
}

// Coders take turns where they would leave a processor idle. Of large pictures too few may wait for that, and
// another encoder would take hundreds of megabytes.
std::size_t coders_of(unsigned jobs, std::size_t runs, const std::vector<ChunkTarget>& targets,
                      std::size_t waiting) {
  constexpr std::size_t FewestForTurns = 16;
  const bool threads_of_their_own = std::any_of(
      targets.begin(), targets.end(),
      [](const ChunkTarget& target) { return codec::codes_on_many_threads(target.order->coding.video); });
  const bool turns = jobs > runs && jobs > targets.size() && waiting >= FewestForTurns;
  return turns && !threads_of_their_own ? 2 : 1;
}

}  // namespace

ChunkWorkers::ChunkWorkers(const std::vector<ChunkWish>& wishes, unsigned jobs, ProgressSink& progress)
    : jobs_(jobs), progress_(progress), grid_(wishes.front().order->grid()) {
  const std::size_t chunks = grid_.count();
  const FontPrint fonts(*wishes.front().order);  // all films have the same words
  for (const ChunkWish& wish : wishes) {
    ChunkTarget target{wish.order, wish.store, {}};
    const ChunkKeys keys(*wish.order, grid_, fonts);
    for (std::size_t i = 0; i < chunks; ++i) target.chunks.push_back({i, keys.of(i)});
    targets_.push_back(std::move(target));
  }
  wanted_.assign(targets_.size(), std::vector<bool>(chunks));
  there_ = wanted_;
}

ChunkWorkers::~ChunkWorkers() { stop(); }

std::vector<ChunkId> ChunkWorkers::find_missing(std::size_t target, std::size_t first, std::size_t end) {
  std::vector<ChunkId> missing;
  for (std::size_t i = first; i < end; ++i) {
    const ChunkId& id = targets_[target].chunks[i];
    const FrameSpan span = grid_.span_of(i);
    frames_wanted_ += static_cast<std::uint64_t>(span.end - span.first);
    there_[target][i] = targets_[target].store->has(id);
    wanted_[target][i] = !there_[target][i];
    if (there_[target][i])
      frames_done_ += static_cast<std::uint64_t>(span.end - span.first);
    else
      missing.push_back(id);
  }
  return missing;
}

// Targets that copy the same spans have the same pictures drawn; those that copy others, one after the other.
std::vector<std::vector<WantedChunk>> ChunkWorkers::wanted_by_group() const {
  std::vector<std::vector<WantedChunk>> groups;
  std::vector<bool> grouped(targets_.size());
  for (std::size_t first = 0; first < targets_.size(); ++first) {
    std::vector<std::size_t> alike;
    for (std::size_t i = first; i < targets_.size(); ++i)
      if (!grouped[i] && targets_[i].order->copied == targets_[first].order->copied) alike.push_back(i);
    for (const std::size_t i : alike) grouped[i] = true;
    std::vector<WantedChunk> wanted;
    for (std::size_t chunk = 0; chunk < there_.front().size(); ++chunk) {
      WantedChunk one{chunk, {}};
      for (const std::size_t i : alike)
        if (wanted_[i][chunk]) one.targets.push_back(i);
      if (!one.targets.empty()) wanted.push_back(std::move(one));
    }
    if (!wanted.empty()) groups.push_back(std::move(wanted));
  }
  return groups;
}

void ChunkWorkers::start() {
  const auto groups = wanted_by_group();
  std::size_t most_chunks = 0, most_targets = 1;
  for (const auto& group : groups) {
    most_chunks = std::max(most_chunks, group.size());
    for (const WantedChunk& chunk : group) most_targets = std::max(most_targets, chunk.targets.size());
  }
  if (most_chunks == 0) return;
  const unsigned jobs = jobs_ > 0 ? jobs_ : std::clamp(std::thread::hardware_concurrency(), 1u, MostJobs);
  const std::size_t runs = runs_of(jobs, most_targets, most_chunks);
  const std::size_t waiting = slots_of(*targets_.front().order->plan, runs);
  const RunWidth width{waiting, coders_of(jobs, runs, targets_, waiting)};
  running_ = runs;
  runs_.resize(runs);
  for (const auto& group : groups)
    for (std::size_t i = 0; i < runs; ++i) {
      const auto at = [&](std::size_t run) {
        return group.begin() + static_cast<std::ptrdiff_t>(group.size() * run / runs);
      };
      runs_[i].push_back(
          std::make_unique<ChunkRun>(targets_, grid_, std::vector<WantedChunk>(at(i), at(i + 1)), width));
    }
  for (std::size_t i = 0; i < runs; ++i) {
    const Status begun = guarded([&]() -> Status {
      threads_.emplace_back([this, i] { note_end(guarded([&] { return render(runs_[i]); })); });
      return {};
    });
    if (!begun) note_end(begun);
  }
}

Status ChunkWorkers::render(const Stretches& stretches) {
  const ChunkListener listener{[this](std::size_t target, std::size_t chunk) { note_done(target, chunk); },
                               [this](std::int64_t frames) {
                                 const std::lock_guard lock(mutex_);
                                 frames_done_ += static_cast<std::uint64_t>(frames);
                                 progress_.advance("composing", frames_done_, frames_wanted_);
                               }};
  for (const auto& stretch : stretches) GREFFE_CHECK(stretch->render(listener));
  return {};
}

void ChunkWorkers::note_done(std::size_t target, std::size_t chunk) {
  const std::lock_guard lock(mutex_);
  there_[target][chunk] = true;
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

bool ChunkWorkers::wait_for(std::size_t target, std::size_t chunk) {
  std::unique_lock lock(mutex_);
  changed_.wait(lock, [&] { return there_[target][chunk] || running_ == 0 || stopped_; });
  return there_[target][chunk];
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
  for (const auto& stretches : runs_)
    for (const auto& run : stretches) run->stop();
}

}  // namespace greffe::film
