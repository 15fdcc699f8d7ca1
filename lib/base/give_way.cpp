#include "base/give_way.h"

#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>

namespace greffe {
namespace {

// ioprio_set(2), for which glibc has no function: IOPRIO_WHO_PROCESS, and IOPRIO_CLASS_IDLE above 13 bits of
// level.
constexpr int WhoProcess = 1;
constexpr int IdleClass = 3 << 13;

}  // namespace

void give_way() {
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, 19));
  static_cast<void>(::syscall(SYS_ioprio_set, WhoProcess, 0, IdleClass));
}

// On Linux each thread has a nice value of its own: of PRIO_PROCESS, 0 is the calling thread.
void give_way_to_siblings() {
  constexpr int Step = 10, Most = 19;
  const int now = ::getpriority(PRIO_PROCESS, 0);
  static_cast<void>(::setpriority(PRIO_PROCESS, 0, std::min(now + Step, Most)));
}

}  // namespace greffe
