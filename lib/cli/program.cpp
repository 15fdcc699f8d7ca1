#include "cli/program.h"

#include <fcntl.h>
#include <sys/prctl.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cmath>
#include <csignal>
#include <cstdio>
#include <new>

#include "base/log.h"
#include "base/text.h"
#include "cli/exit_code.h"
#include "json/value.h"

namespace greffe::cli {
namespace {

// A descriptor 0, 1 or 2 that is closed would be taken by the next file opened, and messages would land in it
// (R102).
void open_standard_descriptors() {
  for (int descriptor = 0; descriptor < 3; ++descriptor)
    if (::fcntl(descriptor, F_GETFD) < 0 && errno == EBADF) {
      const int opened = ::open("/dev/null", O_RDWR);
      if (opened >= 0 && opened != descriptor) {
        ::dup2(opened, descriptor);
        ::close(opened);
      }
    }
}

extern "C" void on_stop_signal(int number) { request_stop(number); }

void install_signal_handlers() {
  struct sigaction action {};
  action.sa_handler = on_stop_signal;
  ::sigemptyset(&action.sa_mask);
  for (const int number : {SIGINT, SIGTERM, SIGHUP}) ::sigaction(number, &action, nullptr);
  // A closed pipe shows as a failed write of the results, so that temporary files are still cleaned up.
  action.sa_handler = SIG_IGN;
  ::sigaction(SIGPIPE, &action, nullptr);
  // A file that grows beyond the limit (ulimit -f) is a failed write, too: EFBIG (R77).
  ::sigaction(SIGXFSZ, &action, nullptr);
}

// A bar that is drawn at most ten times a second, on one line of the terminal.
class ProgressBar final : public ProgressSink {
 public:
  ~ProgressBar() override {
    if (drawn_) tell("\r\033[K");
  }
  void advance(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
    const auto now = Clock::now();
    if (stage != stage_) {
      stage_ = stage;
      started_ = now;
      last_ = {};
    }
    if (now - last_ < std::chrono::milliseconds(100)) return;
    last_ = now;
    const double seconds = std::chrono::duration<double>(now - started_).count();
    if (total == 0 || done == 0) {
      tell(fmt::format("\r{}…\033[K", stage_));
    } else {
      const double share = std::min(1.0, static_cast<double>(done) / static_cast<double>(total));
      const int filled = static_cast<int>(share * Width);
      tell(fmt::format("\r{} [{:#<{}}{:.<{}}] {:3.0f} %  {} left\033[K", stage_, "", filled, "",
                       Width - filled, share * 100, seconds_text(seconds / share - seconds)));
    }
    drawn_ = true;
  }

 private:
  using Clock = std::chrono::steady_clock;
  static constexpr int Width = 30;

  static std::string seconds_text(double seconds) {
    const auto whole = std::llround(seconds);
    return whole < 60 ? fmt::format("{} s", whole) : fmt::format("{} min {:02} s", whole / 60, whole % 60);
  }

  std::string stage_;
  Clock::time_point started_{}, last_{};
  bool drawn_ = false;
};

class ProgressLines final : public ProgressSink {
 public:
  void advance(std::string_view stage, std::uint64_t done, std::uint64_t total) override {
    const auto now = std::chrono::steady_clock::now();
    if (stage == stage_ && done != total && now - last_ < std::chrono::seconds(1)) return;
    stage_ = stage;
    last_ = now;
    const json::Object line{
        {"schema", "greffe.progress/1"}, {"stage", stage}, {"done", done}, {"total", total}};
    tell(json::write(line) + "\n");
  }

 private:
  std::string stage_;
  std::chrono::steady_clock::time_point last_{};
};

// errno of the first write to standard output that failed; 0 while none has.
int output_errno = 0;

// Errors are values; thrown is only what ends the work wherever it is: want of memory, of threads (R101).
Result<int> without_exceptions(const std::function<Result<int>()>& work) {
  try {
    return work();
  } catch (const std::bad_alloc&) {
    return fail("out of memory");
  } catch (const std::exception& exception) {
    return fail("{}", exception.what());
  }
}

// The exit code of `work`, whose failure is told here.
int outcome_of(const char* program, const std::function<Result<int>()>& work) {
  try {
    const Result<int> result = without_exceptions(work);
    if (result) return *result;
    if (result.error().kind() != ErrorKind::Interrupted)
      tell(fmt::format("{}: {}\n", program, printable(result.error().message())));
    return exit_code_of(result.error());
  } catch (const std::bad_alloc&) {
    // There was not even memory for the message.
    for (const char* const part : {program, ": out of memory\n"}) tell(part);
    return Failed;
  }
}

}  // namespace

// Results that could not be written are a failure, but a reader that has seen enough is not (141, quietly).
int exit_code_after_flush(int code) {
  if (std::fflush(stdout) != 0 && output_errno == 0) output_errno = errno;
  if (output_errno == 0 && !std::ferror(stdout)) return code;
  if (output_errno == EPIPE) return ClosedPipe;
  tell("standard output: write failed\n");
  return code == Done || code == WithDamage ? Failed : code;
}

int run(const char* program, const std::function<Result<int>()>& work) {
  open_standard_descriptors();
  install_signal_handlers();
  ::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0);
  return exit_code_after_flush(outcome_of(program, work));
}

Result<int> or_failed(Result<int> made) {
  if (made || made.error().kind() != ErrorKind::Damaged) return made;
  return tl::unexpected(Error(made.error().message()));
}

bool print(std::string_view text) {
  if (output_errno == 0 && std::fwrite(text.data(), 1, text.size(), stdout) != text.size())
    output_errno = errno;
  return output_errno == 0;
}

void tell(std::string_view text) { static_cast<void>(std::fwrite(text.data(), 1, text.size(), stderr)); }

std::unique_ptr<ProgressSink> make_progress(const CommonOptions& options) {
  if (options.progress == "json") return std::make_unique<ProgressLines>();
  if (options.progress == "auto" && !options.quiet && ::isatty(STDERR_FILENO))
    return std::make_unique<ProgressBar>();
  return std::make_unique<NoProgress>();
}

int report_damage(const DamageLog& damage) {
  for (const Damage& entry : damage.entries()) {
    const std::string what = entry.text.empty() ? fmt::format("{} {}", entry.amount, entry.unit) : entry.text;
    const std::string times =
        entry.count > 1 ? fmt::format(" ({} times, from {} to {})", entry.count, entry.first, entry.last)
                        : "";
    log::warning("{}: {}: {}{}", entry.place, entry.condition, what, times);
  }
  // What cannot be answered binds, and somebody has to look at it (RETENTION H5).
  for (const char* condition : {"hold-query-failed", "hold-unreadable", "rule-query-failed"})
    if (damage.count(condition) > 0) return Refused;
  return damage.empty() ? Done : WithDamage;
}

}  // namespace greffe::cli
