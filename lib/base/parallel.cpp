#include "base/parallel.h"

#include <algorithm>
#include <atomic>
#include <limits>
#include <mutex>
#include <thread>
#include <vector>

namespace greffe {
namespace {

struct Failure {
  std::mutex mutex;
  std::size_t index = std::numeric_limits<std::size_t>::max();
  Status status;

  void note(std::size_t at, Status failed) {
    const std::lock_guard lock(mutex);
    if (at > index) return;
    index = at;
    status = std::move(failed);
  }
};

}  // namespace

Status for_each_index(std::size_t count, unsigned jobs, const IndexedWork& work) {
  if (jobs == 0) jobs = std::clamp(std::thread::hardware_concurrency(), 1u, MostJobs);
  std::atomic<std::size_t> next = 0;
  std::atomic<bool> failed = false;
  Failure failure;
  const auto run = [&] {
    while (!failed) {
      const std::size_t index = next++;
      if (index >= count) return;
      Status done = guarded([&] { return work(index); });
      if (done) continue;
      failure.note(index, std::move(done));
      failed = true;
    }
  };
  std::vector<std::jthread> others;
  // Where the system gives no more threads, those there are do it all.
  static_cast<void>(guarded([&]() -> Status {
    for (std::size_t i = 1; i < std::min<std::size_t>(jobs, count); ++i) others.emplace_back(run);
    return {};
  }));
  run();
  others.clear();
  return failure.status;
}

Status Workers::run(std::string_view stage, std::size_t count, const IndexedWork& work) const {
  if (count == 0) return {};
  std::mutex telling;
  std::size_t done = 0;
  progress.advance(stage, 0, count);
  return for_each_index(count, jobs, [&](std::size_t index) {
    Status status = work(index);
    const std::lock_guard lock(telling);
    progress.advance(stage, ++done, count);
    return status;
  });
}

}  // namespace greffe
