// Fails, cuts short or kills at the k-th call that changes a file: preloaded into the program under test
// (SAFETY 3.1). Reads are left alone, and so are descriptors 0, 1 and 2.
//
//   FAULT_K      which call, from 1; 0 only counts
//   FAULT_MODE   ENOSPC EDQUOT EIO EINTR SHORT KILL_BEFORE KILL_AFTER TERM
//   FAULT_STICKY 1: every call from the k-th on fails (ENOSPC, EDQUOT, EIO)
//   FAULT_LOG    a file that gets one line per call, "number name subject"; its last line has the number of
//   calls
//
// What a mode cannot mean for a call is left out: a disk that is full still removes and closes, a rename is
// not interrupted, only writes are short. A close that fails has closed all the same, as in Linux.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/fs.h>
#include <signal.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

enum kind { Write, Create, Sync, Cut, Close, Name, Remove };

static atomic_long calls;
static long fault_at;
static const char* mode = "";
static bool sticky;
static int log_descriptor = -1;
static dev_t proc_device;

static void log_line(long number, const char* name, const char* subject) {
  if (log_descriptor < 0) return;
  char line[600];
  const int length = snprintf(line, sizeof line, "%ld %s %.500s\n", number, name, subject);
  syscall(SYS_write, log_descriptor, line, (size_t)length);
}

void read_fault(void);
void read_same(void);  // same_again.c
int open_same(const char* path);

// From the environment; start_server.c asks again for each program it starts.
void read_fault(void) {
  const char* text = getenv("FAULT_K");
  fault_at = text ? atol(text) : 0;
  atomic_store(&calls, 0);
  read_same();
  struct stat status;
  if (stat("/proc", &status) == 0) proc_device = status.st_dev;
  text = getenv("FAULT_MODE");
  if (text) mode = text;
  text = getenv("FAULT_STICKY");
  sticky = text && strcmp(text, "1") == 0;
  text = getenv("FAULT_LOG");
  // A high number, so that the program under test gets the descriptors it would get without us.
  if (text) {
    const int opened =
        (int)syscall(SYS_openat, AT_FDCWD, text, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    log_descriptor = (int)syscall(SYS_fcntl, opened, F_DUPFD_CLOEXEC, 900);
    syscall(SYS_close, opened);
  }
}

__attribute__((constructor)) static void start(void) { read_fault(); }
__attribute__((destructor)) static void stop(void) { log_line(atomic_load(&calls), "calls", ""); }

static int error_of_mode(enum kind kind) {
  const bool full = strcmp(mode, "ENOSPC") == 0 || strcmp(mode, "EDQUOT") == 0;
  if (full && kind != Remove && kind != Close) return mode[1] == 'N' ? ENOSPC : EDQUOT;
  if (strcmp(mode, "EIO") == 0) return EIO;
  if (strcmp(mode, "EINTR") == 0 && (kind == Write || kind == Create || kind == Cut || kind == Close))
    return EINTR;
  return 0;
}

struct fault {
  int error;  // not 0: the call fails with it
  bool short_write;
  bool kill_after;
};

// Counts one call and says what is to happen to it.
static struct fault next_fault(enum kind kind, const char* name, const char* subject) {
  struct fault fault = {0, false, false};
  const long number = atomic_fetch_add(&calls, 1) + 1;
  log_line(number, name, subject);
  if (fault_at == 0 || (number != fault_at && !(sticky && number > fault_at))) return fault;
  if (strcmp(mode, "KILL_BEFORE") == 0) syscall(SYS_kill, getpid(), SIGKILL);
  if (strcmp(mode, "TERM") == 0) syscall(SYS_kill, getpid(), SIGTERM);
  fault.kill_after = strcmp(mode, "KILL_AFTER") == 0;
  fault.short_write = kind == Write && strcmp(mode, "SHORT") == 0;
  fault.error = error_of_mode(kind);
  return fault;
}

// For the log: "" where that is not wanted.
static const char* path_of(int descriptor, char* buffer, size_t size) {
  buffer[0] = '\0';
  if (log_descriptor < 0) return buffer;
  char link[40];
  snprintf(link, sizeof link, "/proc/self/fd/%d", descriptor);
  const ssize_t length = readlink(link, buffer, size - 1);
  buffer[length < 0 ? 0 : length] = '\0';
  return buffer;
}

static struct fault next_fault_on(int descriptor, enum kind kind, const char* name) {
  char path[512];
  return next_fault(kind, name, path_of(descriptor, path, sizeof path));
}

static void after(struct fault fault) {
  if (!fault.kill_after) return;
  syscall(SYS_kill, getpid(), SIGKILL);
}

// Files and folders only: pipes, sockets, devices and what is in /proc are none of ours.
static bool counts(int descriptor) {
  struct stat status;
  if (descriptor <= 2 || descriptor == log_descriptor || fstat(descriptor, &status) != 0) return false;
  return (S_ISREG(status.st_mode) || S_ISDIR(status.st_mode)) && status.st_dev != proc_device;
}

#define REAL(name)               \
  static __typeof__(&name) real; \
  if (!real) real = (__typeof__(&name))dlsym(RTLD_NEXT, #name)

// A call that takes the descriptor of a file.
#define ON_DESCRIPTOR(result, name, kind, parameters, arguments) \
  result name parameters {                                       \
    REAL(name);                                                  \
    if (!counts(fd)) return real arguments;                      \
    const struct fault fault = next_fault_on(fd, kind, #name);   \
    if (fault.error) return errno = fault.error, -1;             \
    const result done = real arguments;                          \
    after(fault);                                                \
    return done;                                                 \
  }
// One that takes names.
#define ON_NAME(name, kind, subject, parameters, arguments)      \
  int name parameters {                                          \
    REAL(name);                                                  \
    const struct fault fault = next_fault(kind, #name, subject); \
    if (fault.error) return errno = fault.error, -1;             \
    const int done = real arguments;                             \
    after(fault);                                                \
    return done;                                                 \
  }
// One that writes `size` bytes; short means half of them.
#define ON_WRITE(name, parameters, arguments)                   \
  ssize_t name parameters {                                     \
    REAL(name);                                                 \
    if (!counts(fd)) return real arguments;                     \
    const struct fault fault = next_fault_on(fd, Write, #name); \
    if (fault.error) return errno = fault.error, -1;            \
    if (fault.short_write && size > 1) size /= 2;               \
    const ssize_t done = real arguments;                        \
    after(fault);                                               \
    return done;                                                \
  }

ON_WRITE(write, (int fd, const void* bytes, size_t size), (fd, bytes, size))
ON_WRITE(pwrite, (int fd, const void* bytes, size_t size, off_t at), (fd, bytes, size, at))
ON_WRITE(pwrite64, (int fd, const void* bytes, size_t size, off64_t at), (fd, bytes, size, at))
ON_WRITE(copy_file_range, (int from, off64_t* from_at, int fd, off64_t* at, size_t size, unsigned flags),
         (from, from_at, fd, at, size, flags))
ON_DESCRIPTOR(ssize_t, writev, Write, (int fd, const struct iovec* parts, int count), (fd, parts, count))
ON_DESCRIPTOR(int, fsync, Sync, (int fd), (fd))
ON_DESCRIPTOR(int, fdatasync, Sync, (int fd), (fd))
ON_DESCRIPTOR(int, ftruncate, Cut, (int fd, off_t size), (fd, size))
ON_DESCRIPTOR(int, ftruncate64, Cut, (int fd, off64_t size), (fd, size))
ON_DESCRIPTOR(int, fallocate, Cut, (int fd, int how, off_t at, off_t size), (fd, how, at, size))
ON_DESCRIPTOR(int, fallocate64, Cut, (int fd, int how, off64_t at, off64_t size), (fd, how, at, size))

// Returns its error. The file gets its length, but no room, which is memory here: to fill the 16 MiB of a
// reserve takes longer than all else in a run.
#define ON_ROOM(name, offset)                                               \
  int name(int fd, offset at, offset size) {                                \
    REAL(name);                                                             \
    struct stat status;                                                     \
    if (!counts(fd) || fstat(fd, &status) != 0) return real(fd, at, size);  \
    const struct fault fault = next_fault_on(fd, Cut, #name);               \
    if (fault.error) return fault.error;                                    \
    const bool longer = status.st_size < at + size;                         \
    if (longer && syscall(SYS_ftruncate, fd, at + size) != 0) return errno; \
    after(fault);                                                           \
    return 0;                                                               \
  }
ON_ROOM(posix_fallocate, off_t)
ON_ROOM(posix_fallocate64, off64_t)

int mkdir(const char* path, mode_t bits);
int mkdirat(int folder, const char* path, mode_t bits);
ON_NAME(mkdir, Create, path, (const char* path, mode_t bits), (path, bits))
ON_NAME(mkdirat, Create, path, (int folder, const char* path, mode_t bits), (folder, path, bits))
ON_NAME(link, Name, to, (const char* from, const char* to), (from, to))
ON_NAME(linkat, Name, to, (int a, const char* from, int b, const char* to, int flags),
        (a, from, b, to, flags))
ON_NAME(rename, Name, to, (const char* from, const char* to), (from, to))
ON_NAME(renameat, Name, to, (int a, const char* from, int b, const char* to), (a, from, b, to))
ON_NAME(renameat2, Name, to, (int a, const char* from, int b, const char* to, unsigned flags),
        (a, from, b, to, flags))
ON_NAME(unlink, Remove, path, (const char* path), (path))
ON_NAME(unlinkat, Remove, path, (int folder, const char* path, int flags), (folder, path, flags))
ON_NAME(rmdir, Remove, path, (const char* path), (path))

// Only a close after writing can lose something.
int close(int fd) {
  REAL(close);
  if (!counts(fd) || (fcntl(fd, F_GETFL) & O_ACCMODE) == O_RDONLY) return real(fd);
  const struct fault fault = next_fault_on(fd, Close, "close");
  const int done = real(fd);
  after(fault);
  return fault.error ? (errno = fault.error, -1) : done;
}

// A clone that fails is ordinary (another file system): the program copies instead.
int ioctl(int fd, unsigned long request, ...) {
  REAL(ioctl);
  va_list rest;
  va_start(rest, request);
  void* argument = va_arg(rest, void*);
  va_end(rest);
  if (request != FICLONE || !counts(fd)) return real(fd, request, argument);
  const struct fault fault = next_fault_on(fd, Write, "ioctl-FICLONE");
  if (fault.error) return errno = fault.error, -1;
  const int done = real(fd, request, argument);
  after(fault);
  return done;
}

// Opening counts only where it makes or empties a file.
#define ON_OPEN(name, folder_parameter, folder_argument)                                  \
  int name(folder_parameter const char* path, int flags, ...) {                           \
    REAL(name);                                                                           \
    va_list rest;                                                                         \
    va_start(rest, flags);                                                                \
    const int same = open_same(path);                                                     \
    if (same >= 0) return same;                                                           \
    const bool with_bits = (flags & O_CREAT) || (flags & O_TMPFILE) == O_TMPFILE;         \
    const mode_t bits = with_bits ? va_arg(rest, mode_t) : 0;                             \
    va_end(rest);                                                                         \
    if (!with_bits && !(flags & O_TRUNC)) return real(folder_argument path, flags, bits); \
    if (strncmp(path, "/dev/", 5) == 0 && strncmp(path, "/dev/shm/", 9) != 0)             \
      return real(folder_argument path, flags, bits);                                     \
    const struct fault fault = next_fault(Create, #name, path);                           \
    if (fault.error) return errno = fault.error, -1;                                      \
    const int done = real(folder_argument path, flags, bits);                             \
    after(fault);                                                                         \
    return done;                                                                          \
  }
#define COMMA ,
ON_OPEN(open, , )
ON_OPEN(open64, , )
ON_OPEN(openat, int folder COMMA, folder COMMA)
ON_OPEN(openat64, int folder COMMA, folder COMMA)
