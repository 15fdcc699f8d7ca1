// How far long work has come, told to whoever shows it.
#pragma once

#include <cstdint>
#include <string_view>

namespace greffe {

// The side that is told. Called from the working thread; must be quick and must not throw.
class ProgressSink {
 public:
  virtual ~ProgressSink() = default;
  // `done` of `total` units of `stage` ("reading", "composing"); total 0 = not known.
  virtual void advance(std::string_view stage, std::uint64_t done, std::uint64_t total) = 0;
};

// Tells nobody.
class NoProgress final : public ProgressSink {
 public:
  void advance(std::string_view, std::uint64_t, std::uint64_t) override {}
};

// True once SIGINT, SIGTERM or SIGHUP has asked the program to stop: long loops look at it and return
// ErrorKind::Interrupted. Set by the signal handler that cli installs.
bool stop_requested();
void request_stop(int signal_number);
int stop_signal();  // 0 when none came

}  // namespace greffe
