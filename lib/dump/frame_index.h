// Where the packets of each stream lie in a capture: who reads one of its streams jumps over the others.
#pragma once

#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <vector>

#include "dump/capture_file.h"
#include "dump/internet.h"
#include "units/rtp.h"

namespace greffe::dump {

// Whose an RTP or RTCP packet is: of RTCP, the SSRC that sent it.
struct PacketOwner {
  FlowKey flow;
  bool rtcp = false;
  Ssrc ssrc;
  auto operator<=>(const PacketOwner&) const = default;
};
// nullopt for what looks like neither (RFC 7983).
std::optional<PacketOwner> find_owner(const FlowKey& flow, Bytes datagram);

// Notes the frames of a capture in file order: six bytes for each. All indices of a process share 4 million
// frames; the rest of a file that is larger is read in full.
class FrameIndex {
 public:
  struct Noted {
    std::uint64_t from = 0, to = 0;  // byte offsets: of the frame, and behind it
    std::optional<PacketOwner> owner;
    bool for_all = false;  // to be read whatever stream is wanted: fragments, damage
  };

  FrameIndex() = default;
  FrameIndex(const FrameIndex&) = delete;
  FrameIndex& operator=(const FrameIndex&) = delete;
  ~FrameIndex();

  void add(const Noted& frame);

 private:
  friend class FrameCursor;
  using Number = std::uint16_t;  // of an owner
  static constexpr Number ForAll = 0, ForNobody = 1, FirstOwner = 2;

  bool has_room();
  Number number_of(const Noted& frame);

  std::uint64_t begin_ = 0, end_ = 0;  // of the frames noted
  std::deque<std::uint32_t> steps_;    // bytes from a frame to the next, or to end_
  std::deque<Number> owners_;          // of the frames
  std::map<PacketOwner, Number> numbers_;
  std::size_t room_ = 0;  // frames, of those that all indices share
  bool full_ = false;     // no more frames are noted
};

// `file` without the frames of the index whose owners are not wanted; what is for all is in it.
std::unique_ptr<CaptureFile> skip_frames(std::unique_ptr<CaptureFile> file,
                                         std::shared_ptr<const FrameIndex> index,
                                         const std::function<bool(const PacketOwner&)>& is_wanted);

}  // namespace greffe::dump
