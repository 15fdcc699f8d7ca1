// The same work for many things at once: files to hash, tracks to read.
#pragma once

#include <exception>
#include <functional>
#include <new>
#include <string_view>

#include "base/progress.h"
#include "base/result.h"

namespace greffe {

// Each job holds the buffers of a track.
constexpr unsigned MostJobs = 8;

// Calls `work` once for each index below `count`, on up to `jobs` threads (0: as many as there are
// processors, at most MostJobs; 1: on this one), or as many as the system gives. Indices are taken in order.
// After a failure no more are begun, and the failure of the lowest index is returned. What `work` changes is
// its own, by index.
using IndexedWork = std::function<Status(std::size_t)>;
Status for_each_index(std::size_t count, unsigned jobs, const IndexedWork& work);

// What `work` gives, or why the standard library threw, where memory or threads end: what leaves a thread
// would end the program (R101).
template <class Work>
Status guarded(const Work& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail("out of memory");
  } catch (const std::exception& exception) {
    return fail("{}", exception.what());
  }
}

// How much may be done at once, and who is told. Lent for the time of a call.
struct Workers {
  unsigned jobs = 0;
  ProgressSink& progress;

  // for_each_index, which tells of `stage` after each piece of work.
  Status run(std::string_view stage, std::size_t count, const IndexedWork& work) const;
};

}  // namespace greffe
