#include "base/progress.h"

#include <csignal>

namespace greffe {
namespace {
volatile std::sig_atomic_t stop = 0;
}

bool stop_requested() { return stop != 0; }
void request_stop(int signal_number) { stop = signal_number; }
int stop_signal() { return static_cast<int>(stop); }

}  // namespace greffe
