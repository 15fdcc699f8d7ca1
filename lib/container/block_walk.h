// Whether all of a Matroska file between its frames can be read.
#pragma once

#include <cstdint>

#include "base/file.h"

struct AVPacket;

namespace greffe::container {

// Give it the packets of a file in the order they are read.
class BlockWalk {
 public:
  // Octets passed over before this packet that are no elements (RFC 8794): damage, in which frames were. 0
  // where they are too few to tell. `path` is opened where they are many.
  std::uint64_t lost_before(const AVPacket& packet, const Path& path);

 private:
  bool are_elements(std::uint64_t from, std::uint64_t to, const Path& path);
  Result<std::uint64_t> behind_element(std::uint64_t at, const Path& path);

  InputFile file_;
  std::int64_t begin_ = -1, end_ = 0;  // of the block that reaches farthest
};

}  // namespace greffe::container
