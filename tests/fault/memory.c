// Gives no memory from the k-th allocation on: preloaded into the program under test (R101).
//
//   MEMORY_K      which allocation after the start of main is the first to fail, from 1; 0 only counts them,
//   and
//                 writes "allocations N" to standard error
//   MEMORY_LEAST  of how many bytes: smaller ones are given, as what was freed is where memory runs out
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

// glibc's own, under names that no program takes.
void* __libc_malloc(size_t bytes);
void* __libc_calloc(size_t count, size_t bytes);
void* __libc_realloc(void* old, size_t bytes);
void* __libc_memalign(size_t alignment, size_t bytes);

static atomic_bool begun;
static atomic_long allocations;
static long first_refused;
static size_t least;

static bool is_refused(size_t bytes) {
  if (!atomic_load_explicit(&begun, memory_order_relaxed) || bytes < least) return false;
  const long number = atomic_fetch_add(&allocations, 1) + 1;
  if (first_refused == 0 || number < first_refused) return false;
  errno = ENOMEM;
  return true;
}

void* malloc(size_t bytes) { return is_refused(bytes) ? NULL : __libc_malloc(bytes); }
void* calloc(size_t count, size_t bytes) {
  return is_refused(count * bytes) ? NULL : __libc_calloc(count, bytes);
}
void* realloc(void* old, size_t bytes) { return is_refused(bytes) ? NULL : __libc_realloc(old, bytes); }
void* memalign(size_t alignment, size_t bytes) {
  return is_refused(bytes) ? NULL : __libc_memalign(alignment, bytes);
}
void* aligned_alloc(size_t alignment, size_t bytes) { return memalign(alignment, bytes); }
int posix_memalign(void** given, size_t alignment, size_t bytes) {
  *given = memalign(alignment, bytes);
  return *given ? 0 : ENOMEM;
}

static long number_of(const char* name) {
  const char* text = getenv(name);
  return text ? atol(text) : 0;
}

// Libraries free what they have at exit, and some of them allocate for it.
static void end(void) {
  atomic_store(&begun, false);
  if (first_refused == 0) fprintf(stderr, "allocations %ld\n", atomic_load(&allocations));
}

typedef int Main(int, char**, char**);
static Main* real_main;
static int counted_main(int count, char** words, char** environment) {
  first_refused = number_of("MEMORY_K");
  least = (size_t)number_of("MEMORY_LEAST");
  atexit(end);
  atomic_store(&begun, true);
  return real_main(count, words, environment);
}

typedef int Start(Main*, int, char**, void (*)(void), void (*)(void), void (*)(void), void*);
int __libc_start_main(Main* of, int count, char** words, void (*init)(void), void (*finish)(void),
                      void (*finish_loader)(void), void* stack_end) {
  Start* const next = (Start*)dlsym(RTLD_NEXT, "__libc_start_main");
  real_main = of;
  return next(counted_main, count, words, init, finish, finish_loader, stack_end);
}
