// Frame times of a track, run-length coded and packed: a camera's RTP time hardly steps twice alike, so that
// a day of video has millions of runs.
#pragma once

#include <cstdint>
#include <initializer_list>
#include <iterator>
#include <optional>
#include <vector>

namespace greffe::timeline {

// `count` frames, each `step_ticks` after the one before.
struct TickRun {
  std::int64_t step_ticks = 0;
  std::uint32_t count = 0;
  bool operator==(const TickRun&) const = default;
};

// A list of runs that grows at its end. Takes some 4 bytes a run.
class TickRuns {
 public:
  class Iterator;

  TickRuns() = default;
  TickRuns(std::initializer_list<TickRun> runs);

  void push_back(TickRun run);
  // One more frame, `step_ticks` after the last: in the last run, if that has the same step.
  void add_step(std::int64_t step_ticks);

  bool empty() const { return !last_; }
  Iterator begin() const;
  Iterator end() const;
  bool operator==(const TickRuns&) const = default;

 private:
  std::vector<std::uint8_t> packed_;  // all but the last: step and count as variable-length numbers
  std::optional<TickRun> last_;
};

// Valid as long as the list is there and does not change.
class TickRuns::Iterator {
 public:
  using iterator_category = std::input_iterator_tag;
  using value_type = TickRun;
  using difference_type = std::ptrdiff_t;
  using pointer = const TickRun*;
  using reference = const TickRun&;

  const TickRun& operator*() const { return run_; }
  const TickRun* operator->() const { return &run_; }
  Iterator& operator++();
  void operator++(int) { ++*this; }
  bool operator==(const Iterator& other) const { return at_ == other.at_; }

 private:
  friend class TickRuns;
  Iterator(const TickRuns& runs, std::size_t at) : runs_(&runs), at_(at) {}
  void read();
  std::uint64_t read_number();

  const TickRuns* runs_;
  std::size_t at_;        // of run_ in packed_; its size for the last run, one more for the end
  std::size_t next_ = 0;  // of the run after
  TickRun run_;
};

}  // namespace greffe::timeline
