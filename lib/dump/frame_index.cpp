#include "dump/frame_index.h"

#include <atomic>
#include <limits>

#include "dump/packet_class.h"

namespace greffe::dump {

namespace {

constexpr std::size_t MostOwners = 8192;
constexpr std::int64_t MostFrames = 4 << 20;  // of all indices
constexpr std::size_t FramesAtOnce = 16 << 10;

std::atomic<std::int64_t> frames_left = MostFrames;

}  // namespace

std::optional<PacketOwner> find_owner(const FlowKey& flow, Bytes datagram) {
  const PacketClass packet_class = classify(datagram);
  const bool rtcp = packet_class == PacketClass::Rtcp;
  if (!rtcp && packet_class != PacketClass::Rtp) return std::nullopt;
  ByteReader reader(datagram);
  reader.skip(rtcp ? 4 : 8);
  return PacketOwner{.flow = flow, .rtcp = rtcp, .ssrc = Ssrc{reader.u32()}};
}

FrameIndex::~FrameIndex() { frames_left += static_cast<std::int64_t>(room_); }

bool FrameIndex::has_room() {
  if (owners_.size() < room_) return true;
  constexpr auto More = static_cast<std::int64_t>(FramesAtOnce);
  if (frames_left.fetch_sub(More) < More) {
    frames_left += More;
    return false;
  }
  room_ += FramesAtOnce;
  return true;
}

FrameIndex::Number FrameIndex::number_of(const Noted& frame) {
  if (frame.for_all) return ForAll;
  if (!frame.owner) return ForNobody;
  const auto known = numbers_.find(*frame.owner);
  if (known != numbers_.end()) return known->second;
  if (numbers_.size() >= MostOwners) return ForAll;
  const auto number = static_cast<Number>(FirstOwner + numbers_.size());
  numbers_.emplace(*frame.owner, number);
  return number;
}

// What lies between two frames, damage or another block, is met by who reads both. A frame without a time has
// that of the one before it.
void FrameIndex::add(const Noted& frame) {
  if (full_) return;
  const std::uint64_t step = frame.from - (owners_.empty() ? frame.from : end_ - steps_.back());
  full_ = step > std::numeric_limits<std::uint32_t>::max() || !has_room();
  if (full_) {
    if (!owners_.empty()) owners_.back() = ForAll;  // the next one may have no time
    return;
  }
  const bool gap = !owners_.empty() && frame.from != end_;
  const Number number = gap ? ForAll : number_of(frame);
  if (owners_.empty()) {
    begin_ = frame.from;
  } else {
    steps_.back() = static_cast<std::uint32_t>(step);
    if (number == ForAll) owners_.back() = ForAll;
  }
  steps_.push_back(static_cast<std::uint32_t>(frame.to - frame.from));
  owners_.push_back(number);
  end_ = frame.to;
}

// Walks along an index with who reads the file.
class FrameCursor {
 public:
  FrameCursor(std::shared_ptr<const FrameIndex> index,
              const std::function<bool(const PacketOwner&)>& is_wanted)
      : index_(std::move(index)), frame_begin_(index_->begin_) {
    wanted_.resize(FrameIndex::FirstOwner + index_->numbers_.size());
    wanted_[FrameIndex::ForAll] = true;
    for (const auto& [owner, number] : index_->numbers_) wanted_[number] = is_wanted(owner);
  }

  // The first place from `position` on at which there is something to read.
  std::uint64_t next(std::uint64_t position) {
    while (at_ < index_->owners_.size() && frame_begin_ < position) pass();
    if (frame_begin_ != position) return position;
    while (at_ < index_->owners_.size() && !wanted_[index_->owners_[at_]]) pass();
    return frame_begin_;
  }

 private:
  void pass() { frame_begin_ += index_->steps_[at_++]; }

  std::shared_ptr<const FrameIndex> index_;
  std::vector<bool> wanted_;  // by the owner's number
  std::size_t at_ = 0;        // frame in the index
  std::uint64_t frame_begin_;
};

namespace {

class SkippingFile final : public CaptureFile {
 public:
  SkippingFile(std::unique_ptr<CaptureFile> file, FrameCursor cursor)
      : file_(std::move(file)), cursor_(std::move(cursor)) {}

  Result<std::optional<CapturedFrame>> next() override {
    const std::uint64_t here = file_->position();
    const std::uint64_t there = cursor_.next(here);
    if (there != here) GREFFE_CHECK(file_->go_to(there));
    return file_->next();
  }
  Status go_to(std::uint64_t position) override { return file_->go_to(position); }
  Duration grain() const override { return file_->grain(); }
  std::uint64_t position() const override { return file_->position(); }

 private:
  std::unique_ptr<CaptureFile> file_;
  FrameCursor cursor_;
};

}  // namespace

std::unique_ptr<CaptureFile> skip_frames(std::unique_ptr<CaptureFile> file,
                                         std::shared_ptr<const FrameIndex> index,
                                         const std::function<bool(const PacketOwner&)>& is_wanted) {
  return std::make_unique<SkippingFile>(std::move(file), FrameCursor(std::move(index), is_wanted));
}

}  // namespace greffe::dump
