#include "media/vp9_superframe.h"

#include <algorithm>
#include <cassert>

namespace greffe::media {

// The index, at the very end (Annex B.2):
//
//     +-+-+-+-+-+-+-+-+
//     |1 1 0|M|M|F F F|   MM: bytes of a size - 1, FFF: frames - 1
//     +-+-+-+-+-+-+-+-+
//     | size …        |   of each frame, little-endian
//     +-+-+-+-+-+-+-+-+
//     |1 1 0|M|M|F F F|   the same octet again
//     +-+-+-+-+-+-+-+-+
std::vector<Bytes> split_superframe(Bytes bytes) {
  if (bytes.empty() || (bytes.back() & 0xe0) != 0xc0) return {bytes};
  const std::size_t count = (bytes.back() & 7u) + 1;
  const std::size_t width = (bytes.back() >> 3 & 3u) + 1;
  const std::size_t index = 2 + count * width;
  if (bytes.size() <= index || bytes[bytes.size() - index] != bytes.back()) return {bytes};
  ByteReader sizes(bytes.last(index - 1));
  ByteReader frames(bytes.first(bytes.size() - index));
  std::vector<Bytes> split;
  for (std::size_t at = 0; at < count; ++at) {
    std::size_t size = 0;
    for (std::size_t byte = 0; byte < width; ++byte) size |= std::size_t{sizes.u8()} << (8 * byte);
    const Bytes frame = frames.take(size);
    if (!frame.empty()) split.push_back(frame);
  }
  if (frames.failed() || split.empty()) return {bytes};
  return split;
}

std::vector<std::uint8_t> join_superframe(const std::vector<Bytes>& frames) {
  assert(!frames.empty() && frames.size() <= MostFramesOfSuperframe);
  std::size_t total = 0, largest = 0;
  for (const Bytes frame : frames) {
    total += frame.size();
    largest = std::max(largest, frame.size());
  }
  std::size_t width = 1;
  while (width < 4 && largest >> (8 * width) != 0) ++width;
  std::vector<std::uint8_t> joined;
  joined.reserve(total + 2 + frames.size() * width);
  for (const Bytes frame : frames) joined.insert(joined.end(), frame.begin(), frame.end());
  if (frames.size() == 1) return joined;
  const auto marker = static_cast<std::uint8_t>(0xc0 | (width - 1) << 3 | (frames.size() - 1));
  joined.push_back(marker);
  for (const Bytes frame : frames)
    for (std::size_t byte = 0; byte < width; ++byte)
      joined.push_back(static_cast<std::uint8_t>(frame.size() >> (8 * byte)));
  joined.push_back(marker);
  return joined;
}

}  // namespace greffe::media
