#include "container/block_walk.h"

#include <algorithm>

#include "container/ebml_element.h"
#include "container/matroska_ids.h"

extern "C" {
#include <libavcodec/packet.h>
}

namespace greffe::container {
namespace {

constexpr std::int64_t LargestUnlooked = 16 << 10;
// A block's head is not counted in its frames: 4 octets, and the lengths of frames that share it.
constexpr std::uint64_t LongestBlockHead = 64;
// Looked at in one place; of a file that is made of small ones, nothing is told.
constexpr int MostElements = 512;

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
  GREFFE_TRY(const auto element, find_element(file_, at, path));
  if (!element || element->id == 0) return fail("no element");
  const std::uint32_t id = element->id;
  const bool is_master = id == id::Cluster || id == id::Segment || id == id::BlockGroup;
  if (is_master) return element->content;
  const std::uint64_t file_size = file_.stamp.size;
  if (!element->size || *element->size > file_size || element->content + *element->size > file_size)
    return fail("no element");
  return element->content + *element->size;
}

}  // namespace greffe::container
