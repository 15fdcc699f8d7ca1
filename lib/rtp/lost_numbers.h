// Which numbers of a track are missing, so that each that comes after all is found once.
#pragma once

#include <cstddef>
#include <cstdint>
#include <deque>

namespace greffe::rtp {

// Memory is bounded: of more than Most gaps the oldest are forgotten, and their numbers stay lost.
class LostNumbers {
 public:
  static constexpr std::size_t Most = 4096;

  // `count` numbers from `first` on, which lie behind all before.
  void add(std::int64_t first, std::int64_t count);
  // Whether `number` was missing. It no longer is.
  bool take(std::int64_t number);
  void forget_all() { gaps_.clear(); }

 private:
  struct Gap {
    std::int64_t first, end;
  };
  std::deque<Gap> gaps_;  // in order, apart from each other
};

}  // namespace greffe::rtp
