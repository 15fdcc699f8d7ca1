#include "base/progress.h"

#include <atomic>

namespace greffe {
namespace {
// Set by a signal handler, looked at by all threads.
std::atomic<int> stop = 0;
static_assert(std::atomic<int>::is_always_lock_free);
}  // namespace

bool stop_requested() { return stop != 0; }
void request_stop(int signal_number) { stop = signal_number; }
int stop_signal() { return stop; }

}  // namespace greffe
