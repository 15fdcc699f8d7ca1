// greffe VERB …: runs greffe-VERB, as git does. The program beside this one is taken before one of $PATH.
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"

namespace greffe {
namespace {

struct Verb {
  const char* name;
  const char* summary;
};
// In the order of the work, as `greffe help` shows them.
constexpr Verb Verbs[] = {
    {"probe", "what is in a dump or track: codecs, sizes, loss, clocks"},
    {"ingest", "dumps of one meeting into the archive"},
    {"plan", "who is where and when in the film, as text"},
    {"compose", "a meeting as one film, with names and captions"},
    {"caption", "convert, check and re-time transcripts"},
    {"catalog", "init, list, stats, show, why, search, sql, query, edit, backup, rebuild, sign the journal"},
    {"hold", "place, simulate, list, show, release"},
    {"retain", "rules, events, and what is due when"},
    {"export", "bags and folders of meetings for others, and whether a bag of anybody holds"},
    {"verify", "that the archive is what it was"},
};

// $PATH behind the folder of this program, cut into folders.
std::vector<Path> program_folders() {
  std::vector<Path> folders;
  std::error_code unreadable;
  const Path self = std::filesystem::read_symlink("/proc/self/exe", unreadable);
  if (!unreadable) folders.push_back(self.parent_path());
  const char* path = std::getenv("PATH");
  for (std::string_view rest = path ? path : ""; !rest.empty();) {
    const auto colon = std::min(rest.find(':'), rest.size());
    // An empty entry means the current folder, where nobody wants to run what lies about.
    if (colon > 0) folders.emplace_back(rest.substr(0, colon));
    rest.remove_prefix(std::min(colon + 1, rest.size()));
  }
  return folders;
}

// The program of `verb`, empty when there is none.
Path find_program(std::string_view verb) {
  if (verb.empty() || verb.find('/') != std::string_view::npos) return {};
  for (const Path& folder : program_folders()) {
    Path program = folder / fmt::format("greffe-{}", verb);
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

int print_help() {
  cli::print("Turns the recordings of video meetings into films and keeps them as records.\n\n");
  cli::print("Usage: greffe VERB [OPTIONS] …\n       greffe help VERB\n       greffe --version\n\nVerbs:\n");
  for (const Verb& verb : Verbs)
    if (!find_program(verb.name).empty()) cli::print(fmt::format("  {:<10}{}\n", verb.name, verb.summary));
  cli::print(
      "\nOptions:\n  -h,--help     Show this and end\n  --version     Show the versions of all verbs and "
      "their libraries\n");
  cli::print(
      "\nEach verb has a man page: man greffe-ingest. The archive is --archive DIR or $GREFFE_ARCHIVE.\n");
  return cli::Done;
}

// Runs a program and waits for it. False when it could not be started or failed.
bool run_and_wait(const Path& program, const char* argument) {
  std::string name = program.string(), text = argument;
  char* arguments[] = {name.data(), text.data(), nullptr};
  pid_t child = 0;
  if (::posix_spawn(&child, program.c_str(), nullptr, nullptr, arguments, environ) != 0) return false;
  int status = 0;
  while (::waitpid(child, &status, 0) < 0)
    if (errno != EINTR) return false;
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

// Each verb says for itself which libraries it runs with, so that a mixed installation shows.
int print_versions() {
  cli::print(fmt::format("greffe {}\n", GREFFE_VERSION));
  std::fflush(stdout);
  bool all = true;
  for (const Verb& verb : Verbs)
    if (const Path program = find_program(verb.name); !program.empty())
      all = run_and_wait(program, "--version") && all;
  return all ? cli::Done : cli::Failed;
}

// Becomes the program of the verb; returns only when that fails.
Result<int> become(std::string_view verb, std::vector<char*> arguments) {
  const Path program = find_program(verb);
  if (program.empty())
    return fail(ErrorKind::Usage, "no verb \"{}\"; greffe help lists those there are", verb);
  std::string name = program.string();
  arguments.insert(arguments.begin(), name.data());
  arguments.push_back(nullptr);
  ::execv(program.c_str(), arguments.data());
  return fail_errno(name);
}

Result<int> dispatch(int argc, char** argv) {
  const std::string_view first = argc > 1 ? argv[1] : "";
  if (first == "--version") return print_versions();
  if (first == "-h" || first == "--help" || (first == "help" && argc == 2)) return print_help();
  if (first == "help") {
    char option[] = "--help";
    return become(argv[2], {option});
  }
  if (first.empty()) return fail(ErrorKind::Usage, "a verb is missing; greffe help lists those there are");
  return become(first, {argv + 2, argv + argc});
}

}  // namespace
}  // namespace greffe

int main(int argc, char** argv) {
  const auto done = greffe::dispatch(argc, argv);
  if (done) return greffe::cli::exit_code_after_flush(*done);
  greffe::cli::tell(fmt::format("greffe: {}\n", greffe::printable(done.error().message())));
  return greffe::cli::exit_code_of(done.error());
}
