// Starts the program under test again and again without loading it again (shim.c): loading its libraries
// takes most of the time of a run that changes a few files. The libraries are loaded and the constructors
// have run; then, instead of main, requests are read from descriptor 0, and for each of them main runs in a
// child of its own, which has the descriptors, the arguments and the environment it would have had.
//
//   FAULT_SERVER 1: serve; otherwise the program runs as ever
//
// A request is its length (a uint32) and that many bytes of words that end in a zero byte: the file for
// descriptor 1, the one for descriptor 2, settings of the environment NAME=VALUE, an empty word, the
// arguments from argv[0] on. The answer, to descriptor 1, is the child's number and then, when it has ended,
// its status as in waitpid (int32 each).
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

enum { LongestRequest = 32768, MostWords = 256 };

typedef int Main(int, char**, char**);

void read_fault(void);  // shim.c

static Main* program_main;

// All or nothing; what is not there ends the server.
static void receive(void* bytes, size_t size) {
  for (size_t done = 0; done < size;) {
    const ssize_t count = syscall(SYS_read, 0, (char*)bytes + done, size - done);
    if (count <= 0) _exit(count == 0 && done == 0 ? 0 : 2);
    done += (size_t)count;
  }
}

static void answer(int32_t number) {
  if (syscall(SYS_write, 1, &number, sizeof number) != sizeof number) _exit(2);
}

static void open_as(int descriptor, const char* path, int flags) {
  const int opened = (int)syscall(SYS_openat, AT_FDCWD, path, flags);
  if (opened < 0 || dup2(opened, descriptor) < 0) _exit(2);
  syscall(SYS_close, opened);
}

// The next of the words that begin at *at.
static char* next_word(char** at) {
  char* word = *at;
  *at += strlen(word) + 1;
  return word;
}

static int run_main(char* words, size_t size) {
  char* at = words;
  open_as(0, "/dev/null", O_RDONLY);
  open_as(1, next_word(&at), O_WRONLY | O_TRUNC);
  open_as(2, next_word(&at), O_WRONLY | O_TRUNC);
  for (char* setting = next_word(&at); *setting; setting = next_word(&at)) putenv(setting);
  static char* arguments[MostWords + 1];
  int count = 0;
  while (at < words + size && count < MostWords) arguments[count++] = next_word(&at);
  read_fault();
  return program_main(count, arguments, environ);
}

static int serve(int count, char** arguments, char** environment) {
  (void)count, (void)arguments, (void)environment;
  static char words[LongestRequest + 1];
  for (;;) {
    uint32_t size = 0;
    receive(&size, sizeof size);
    if (size > LongestRequest) _exit(2);
    receive(words, size);
    words[size] = '\0';
    const pid_t child = fork();
    if (child < 0) _exit(2);
    if (child == 0) return run_main(words, size);
    answer(child);
    int status = 0;
    waitpid(child, &status, 0);
    answer(status);
  }
}

typedef int StartMain(Main*, int, char**, void (*)(void), void (*)(void), void (*)(void), void*);
StartMain __libc_start_main;

// What _start of a program calls; the constructors of the program run in it, before main.
int __libc_start_main(Main* main, int count, char** arguments, void (*init)(void), void (*fini)(void),
                      void (*loader_fini)(void), void* stack_end) {
  StartMain* real = (StartMain*)dlsym(RTLD_NEXT, "__libc_start_main");
  const char* text = getenv("FAULT_SERVER");
  if (!text || strcmp(text, "1") != 0)
    return real(main, count, arguments, init, fini, loader_fini, stack_end);
  unsetenv("FAULT_SERVER");
  program_main = main;
  return real(serve, count, arguments, init, fini, loader_fini, stack_end);
}
