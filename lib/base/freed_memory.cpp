#include "base/freed_memory.h"

#include <malloc.h>

namespace greffe {

void keep_freed_memory() {
#ifdef M_TRIM_THRESHOLD  // glibc
  constexpr int Large = 4 << 20, ArenaBytes = 64 << 20, Never = 1 << 30;
  mallopt(M_MMAP_THRESHOLD, Large);
  mallopt(M_TRIM_THRESHOLD, Never);
  mallopt(M_TOP_PAD, ArenaBytes);  // else an arena's empty parts are given back one by one
#endif
}

}  // namespace greffe
