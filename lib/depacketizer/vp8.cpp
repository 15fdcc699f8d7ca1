#include "depacketizer/vp8.h"

#include <algorithm>

#include "depacketizer/vp8_frame_header.h"

namespace greffe::depacketizer {
namespace {

constexpr std::size_t FramesToBeSure = 32;

}  // namespace

Vp8Depacketizer::Vp8Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage)
    : VideoDepacketizer(media::CodecId::Vp8, packets, std::move(options), damage) {}

// A frame ends when a packet of the next one comes: so a marker set in its middle does no harm.
void Vp8Depacketizer::take(const rtp::OrderedPacket& packet) {
  if (packet.starts_segment) packet.breaks_clock ? count_segment() : begin_segment();
  hole_ += packet.lost_before;
  if (!holds_media(packet)) return;
  if (packet.cut) {
    ++hole_;
    return;
  }
  const auto descriptor = parse_vp8_descriptor(packet.packet.payload);
  if (!descriptor) {
    ++hole_;
    log_packet("frame-malformed", packet, "frames", descriptor.error().message());
    return;
  }
  if (continues(*descriptor, packet)) {
    if (hole_ > 0) frame_->has_hole = true;
  } else {
    close(false);
    open(*descriptor, packet);
  }
  append(*descriptor, packet);
  hole_ = 0;
}

void Vp8Depacketizer::begin_segment() {
  close(true);
  references_.reset();
  count_segment();
  hole_ = 0;
  marks_ends_ = marks_middles_ = marks_nothing_ = false;
}

bool Vp8Depacketizer::continues(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) const {
  return frame_ && packet.ticks == frame_->ticks && !descriptor.starts_frame() &&
         descriptor.picture_id == frame_->descriptor.picture_id;
}

void Vp8Depacketizer::open(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  frame_ = Assembly{place(packet)};
  frame_->descriptor = descriptor;
  frame_->descriptor.payload = {};
  frame_->has_start = descriptor.starts_frame();
  frame_->has_hole = hole_ > 0 && !descriptor.starts_frame();
  frame_->hole_before = hole_;
  frame_->bytes.reserve(usual_bytes_);
}

void Vp8Depacketizer::append(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  Assembly& frame = *frame_;
  if (frame.ended) marks_middles_ = true;
  frame.ended = packet.packet.marker;
  marks_ends_ = marks_ends_ || frame.ended;
  add_packet(frame, packet);
  if (frame.bytes.size() + descriptor.payload.size() > MaxFrameBytes) frame.has_hole = true;
  if (frame.has_start && !frame.has_hole)
    frame.bytes.insert(frame.bytes.end(), descriptor.payload.begin(), descriptor.payload.end());
}

void Vp8Depacketizer::close(bool last) {
  if (frame_) {
    frame_->hole_after = hole_ > 0;
    frame_->last = last;
    waiting_.push_back(std::move(*frame_));
    frame_.reset();
  }
  marks_nothing_ = !marks_ends_ && (marks_nothing_ || last || waiting_.size() >= FramesToBeSure);
  if (marks_ends_ || marks_nothing_) judge_waiting();
}

void Vp8Depacketizer::judge_waiting() {
  for (Assembly& frame : waiting_) judge(frame);
  waiting_.clear();
}

void Vp8Depacketizer::judge(Assembly& frame) {
  turn(frame);
  references_.note_hole(frame.hole_before);
  references_.see(frame.descriptor);
  note_missing_frames(frame);
  const bool ended = frame.ended || (marks_nothing_ && !frame.last);
  const bool end_is_sure = frame.ended && !marks_middles_;
  if (frame.has_hole || (frame.hole_after && !end_is_sure)) {
    drop(frame, "frame-hole", "has packets missing");
  } else if (!frame.has_start) {
    drop(frame, "frame-unfinished", "begins in the middle");
  } else if (!ended) {
    drop(frame, "frame-unfinished", "has no last packet");
  } else {
    judge_whole(frame);
  }
}

void Vp8Depacketizer::judge_whole(Assembly& frame) {
  frame.bytes.resize(without_frame_trailer(frame.bytes).size());
  const auto header = parse_vp8_frame_header(frame.bytes);
  if (!header) {
    drop(frame, "frame-malformed", header.error().message());
  } else if (!least_size(*header, frame.bytes)) {
    drop(frame, "frame-unfinished", "is shorter than its partitions");
  } else if (header->key && !is_allowed(header->size)) {
    drop(frame, "frame-refused",
         fmt::format("declares a picture of {}x{}", header->size.width_px, header->size.height_px));
  } else if (references_.take_if_decodable(frame.descriptor, header->key)) {
    give(frame, header->key, header->size);
  } else if (references_.waits_for_first_key()) {
    drop(frame, "no-key-frame", "comes before any key frame");
  } else {
    drop(frame, "frame-undecodable", "refers to what is lost");
  }
}

void Vp8Depacketizer::note_missing_frames(const Assembly& frame) {
  if (!references_.frames_missing()) return;
  note_drop();
  const int missing = references_.missing_before();
  if (missing == 0) return;
  log("frame-hole", frame, static_cast<std::uint64_t>(missing),
      fmt::format("{} frame(s) before RTP time {} never came", missing, frame.timestamp.value));
}

void Vp8Depacketizer::give(Assembly& frame, bool key, media::PictureSize size) {
  FrameInTrack& given = give_out(frame, key, size);
  usual_bytes_ = frame.bytes.size();
  given.frame.bytes = std::move(frame.bytes);
}

void Vp8Depacketizer::drop(const Assembly& frame, std::string_view condition, std::string_view why) {
  const auto header = parse_vp8_frame_header(frame.bytes);
  references_.lose(frame.descriptor, frame.has_start && header && !header->key && header->leaves_nothing());
  note_drop();
  log(condition, frame, 1, fmt::format("the frame at {} {}", frame.words(), why));
}

}  // namespace greffe::depacketizer
