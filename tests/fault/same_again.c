// Makes runs alike that differ only in when they ran and what they drew by lot, so that the harness can tell
// that a fault left what another one left: the clock stands, and random numbers follow from a seed (shim.c).
//
//   FAULT_NOW   the time, in seconds since 1970; unset: nothing of this
//   FAULT_SEED  another number gives other random numbers
//
// Monotonic clocks go on. What OpenSSL draws is not alike: it mixes in more than it reads.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static time_t now;
static uint64_t seed;
static atomic_ulong drawn;

void read_same(void);
int open_same(const char* path);

void read_same(void) {
  const char* text = getenv("FAULT_NOW");
  now = text ? atol(text) : 0;
  text = getenv("FAULT_SEED");
  seed = text ? strtoul(text, NULL, 10) : 0;
  atomic_store(&drawn, 0);
}

// SplitMix64: the same for the same seed and place.
static void draw(unsigned char* bytes, size_t size) {
  while (size > 0) {
    uint64_t value = (seed << 32) + (atomic_fetch_add(&drawn, 1) + 1) * 0x9e3779b97f4a7c15;
    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    value ^= value >> 31;
    const size_t part = size < sizeof value ? size : sizeof value;
    memcpy(bytes, &value, part);
    bytes += part;
    size -= part;
  }
}

ssize_t getrandom(void* bytes, size_t size, unsigned flags) {
  if (now == 0) return syscall(SYS_getrandom, bytes, size, flags);
  draw(bytes, size);
  return (ssize_t)size;
}

// What to read in place of /dev/urandom, as SQLite does; -1 where that is not asked for.
int open_same(const char* path) {
  if (now == 0 || strcmp(path, "/dev/urandom") != 0) return -1;
  unsigned char bytes[4096];
  draw(bytes, sizeof bytes);
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0) abort();
  if (syscall(SYS_write, ends[1], bytes, sizeof bytes) != sizeof bytes) abort();
  syscall(SYS_close, ends[1]);
  return ends[0];
}

int clock_gettime(clockid_t clock, struct timespec* time) {
  if (now == 0 || clock != CLOCK_REALTIME) {
    static __typeof__(&clock_gettime) real;
    if (!real) real = (__typeof__(&clock_gettime))dlsym(RTLD_NEXT, "clock_gettime");
    return real(clock, time);
  }
  *time = (struct timespec){.tv_sec = now};
  return 0;
}

int gettimeofday(struct timeval* restrict time, void* restrict zone) {
  (void)zone;
  struct timespec there;
  if (clock_gettime(CLOCK_REALTIME, &there) != 0) return -1;
  *time = (struct timeval){.tv_sec = there.tv_sec, .tv_usec = there.tv_nsec / 1000};
  return 0;
}

time_t time(time_t* seconds) {
  struct timespec there;
  if (clock_gettime(CLOCK_REALTIME, &there) != 0) return -1;
  if (seconds) *seconds = there.tv_sec;
  return there.tv_sec;
}
