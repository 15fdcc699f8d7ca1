#include "container/block_walk.h"

#include <algorithm>
#include <array>
#include <bit>

#include "base/byte_reader.h"
#include "container/matroska_ids.h"

extern "C" {
#include <libavcodec/packet.h>
}

namespace greffe::container {
namespace {

constexpr std::int64_t LargestUnlooked = 16 << 10;
// A block's head is not counted in its frames: 4 octets, and the lengths of frames that share it.
constexpr std::uint64_t LongestBlockHead = 64;
constexpr std::uint32_t BlockGroup = 0xA0;
// Looked at in one place; of a file that is made of small ones, nothing is told.
constexpr int MostElements = 512;

// RFC 8794 §4: as many octets as zeros lead the first one, and one more; 0 where it says more than `most`.
std::size_t width_of(std::uint8_t first, std::size_t most) {
  const auto width = static_cast<std::size_t>(std::countl_zero(first)) + 1;
  return width <= most ? width : 0;
}

}  // namespace

std::uint64_t BlockWalk::lost_before(const AVPacket& packet, const Path& path) {
  if (packet.pos < 0) return 0;
  const std::int64_t before = end_;
  const bool shares = packet.pos == begin_;  // lacing
  if (packet.pos >= begin_) begin_ = packet.pos;
  end_ = std::max(end_, shares ? end_ + packet.size : packet.pos + packet.size);
  const std::int64_t between = before > 0 && !shares ? packet.pos - before : 0;
  if (between <= LargestUnlooked) return 0;
  if (are_elements(static_cast<std::uint64_t>(before), static_cast<std::uint64_t>(packet.pos), path))
    return 0;
  return static_cast<std::uint64_t>(between);
}

// Where the first begins is known to some octets.
bool BlockWalk::are_elements(std::uint64_t from, std::uint64_t to, const Path& path) {
  if (!file_.file.is_open()) {
    auto opened = open_input(path);
    if (!opened) return true;  // nothing is known
    file_ = std::move(*opened);
  }
  int looked_at = 0;
  for (std::uint64_t first = from; first <= from + LongestBlockHead; ++first) {
    Result<std::uint64_t> at = first;
    while (at && *at < to && looked_at++ < MostElements) at = behind_element(*at, path);
    if (at) return true;
  }
  return false;
}

// Masters whose children are elements, too, end behind their head.
Result<std::uint64_t> BlockWalk::behind_element(std::uint64_t at, const Path& path) {
  std::array<std::uint8_t, 12> head{};
  GREFFE_TRY(const std::size_t got, read_at(file_.file, at, head, path));
  ByteReader reader(Bytes(head).first(got));
  const std::size_t id_width = got > 0 ? width_of(head[0], 4) : 0;
  const std::size_t size_width = id_width > 0 ? width_of(head[id_width], 8) : 0;
  if (size_width == 0) return fail("no element");
  std::uint32_t id = 0;
  for (std::size_t i = 0; i < id_width; ++i) id = id << 8 | reader.u8();
  std::uint64_t size = reader.u8() & (0xFFu >> size_width);
  for (std::size_t i = 1; i < size_width; ++i) size = size << 8 | reader.u8();
  if (reader.failed()) return fail("no element");
  const std::uint64_t content = at + id_width + size_width;
  const bool is_master = id == id::Cluster || id == id::Segment || id == BlockGroup;
  if (is_master) return content;
  if (size > file_.stamp.size || content + size > file_.stamp.size) return fail("no element");
  return content + size;
}

}  // namespace greffe::container
