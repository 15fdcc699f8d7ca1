#include "timeline/tick_runs.h"

namespace greffe::timeline {
namespace {

// Seven bits a byte, the lowest first; the top bit says that more follow.
void append_number(std::vector<std::uint8_t>& bytes, std::uint64_t number) {
  for (; number >= 0x80; number >>= 7) bytes.push_back(static_cast<std::uint8_t>(number | 0x80));
  bytes.push_back(static_cast<std::uint8_t>(number));
}

// Small numbers of either sign become small numbers: 0, -1, 1, -2, …
std::uint64_t folded(std::int64_t number) {
  return static_cast<std::uint64_t>(number) << 1 ^ static_cast<std::uint64_t>(number >> 63);
}
std::int64_t unfolded(std::uint64_t number) {
  return static_cast<std::int64_t>(number >> 1 ^ (~(number & 1) + 1));
}

}  // namespace

TickRuns::TickRuns(std::initializer_list<TickRun> runs) {
  for (const TickRun& run : runs) push_back(run);
}

void TickRuns::push_back(TickRun run) {
  if (last_) {
    append_number(packed_, folded(last_->step_ticks));
    append_number(packed_, last_->count);
  }
  last_ = run;
}

void TickRuns::add_step(std::int64_t step_ticks) {
  if (!last_ || last_->step_ticks != step_ticks || last_->count == UINT32_MAX) push_back({step_ticks, 0});
  ++last_->count;
}

TickRuns::Iterator TickRuns::begin() const {
  if (empty()) return end();
  Iterator first(*this, 0);
  first.read();
  return first;
}

TickRuns::Iterator TickRuns::end() const { return {*this, packed_.size() + 1}; }

TickRuns::Iterator& TickRuns::Iterator::operator++() {
  at_ = next_;
  if (at_ <= runs_->packed_.size()) read();
  return *this;
}

void TickRuns::Iterator::read() {
  next_ = at_;
  if (at_ == runs_->packed_.size()) {
    run_ = *runs_->last_;
    ++next_;
    return;
  }
  run_.step_ticks = unfolded(read_number());
  run_.count = static_cast<std::uint32_t>(read_number());
}

std::uint64_t TickRuns::Iterator::read_number() {
  std::uint64_t number = 0;
  for (unsigned shift = 0;; shift += 7) {
    const std::uint8_t byte = runs_->packed_[next_++];
    number |= std::uint64_t{byte & 0x7Fu} << shift;
    if (byte < 0x80) return number;
  }
}

}  // namespace greffe::timeline
