#include "depacketizer/vp8.h"

#include <algorithm>

#include "depacketizer/video_packet.h"
#include "depacketizer/vp8_frame_header.h"

namespace greffe::depacketizer {
namespace {

constexpr std::size_t FramesToBeSure = 32;

}  // namespace

Vp8Depacketizer::Vp8Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage)
    : packets_(packets),
      options_(std::move(options)),
      damage_(damage),
      filter_(media::CodecId::Vp8, options_, damage) {}

Result<std::optional<FrameInTrack>> Vp8Depacketizer::next() {
  while (ready_.empty() && !ended_) {
    GREFFE_TRY(const auto packet, packets_.next());
    if (packet) {
      take(*packet);
    } else {
      ended_ = true;
      close(true);
    }
  }
  if (ready_.empty()) return std::nullopt;
  FrameInTrack frame = std::move(ready_.front());
  ready_.pop_front();
  return frame;
}

// A frame ends when a packet of the next one comes: so a marker set in its middle does no harm.
void Vp8Depacketizer::take(const rtp::OrderedPacket& packet) {
  if (packet.starts_segment) begin_segment();
  if (packet.lost_before > 0) hole_ = true;
  if (!filter_.holds_media(packet)) return;
  if (packet.cut) {
    hole_ = true;
    return;
  }
  const auto descriptor = parse_vp8_descriptor(packet.packet.payload);
  if (!descriptor) {
    hole_ = true;
    log("frame-malformed", packet.ticks, 1,
        fmt::format("packet {}: {}", packet.packet.sequence.value, descriptor.error().message()));
    return;
  }
  if (continues(*descriptor, packet)) {
    if (hole_) frame_->has_hole = true;
  } else {
    close(false);
    open(*descriptor, packet);
  }
  append(*descriptor, packet);
  hole_ = false;
}

void Vp8Depacketizer::begin_segment() {
  close(true);
  references_.reset();
  segment_ = segment_ ? *segment_ + 1 : 0;
  hole_ = marks_ends_ = marks_middles_ = marks_nothing_ = false;
}

bool Vp8Depacketizer::continues(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) const {
  return frame_ && packet.ticks == frame_->ticks && !descriptor.starts_frame() &&
         descriptor.picture_id == frame_->descriptor.picture_id;
}

void Vp8Depacketizer::open(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  frame_ = Assembly{.descriptor = descriptor,
                    .ticks = packet.ticks,
                    .sequence = packet.sequence,
                    .timestamp = packet.packet.timestamp,
                    .first_arrival = packet.arrival,
                    .last_arrival = packet.arrival,
                    .has_start = descriptor.starts_frame(),
                    .has_hole = hole_ && !descriptor.starts_frame(),
                    .hole_before = hole_};
  frame_->descriptor.payload = {};
  frame_->bytes.reserve(usual_bytes_);
}

void Vp8Depacketizer::append(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  Assembly& frame = *frame_;
  if (frame.ended) marks_middles_ = true;
  frame.ended = packet.packet.marker;
  marks_ends_ = marks_ends_ || frame.ended;
  frame.first_arrival = std::min(frame.first_arrival, packet.arrival);
  frame.last_arrival = std::max(frame.last_arrival, packet.arrival);
  if (const auto said = find_orientation(packet.packet, options_.extensions.video_orientation))
    frame.orientation = said;
  if (frame.bytes.size() + descriptor.payload.size() > MaxFrameBytes) frame.has_hole = true;
  if (frame.has_start && !frame.has_hole)
    frame.bytes.insert(frame.bytes.end(), descriptor.payload.begin(), descriptor.payload.end());
}

void Vp8Depacketizer::close(bool last) {
  if (frame_) {
    frame_->hole_after = hole_;
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
  if (frame.orientation) orientation_ = frame.orientation;
  if (frame.hole_before) references_.note_hole();
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
  dropped_ = true;
  const int missing = references_.missing_before();
  if (missing == 0) return;
  log("frame-hole", frame.ticks, static_cast<std::uint64_t>(missing),
      fmt::format("{} frame(s) before RTP time {} never came", missing, frame.timestamp.value));
}

void Vp8Depacketizer::give(Assembly& frame, bool key, media::PictureSize size) {
  FrameInTrack& given = ready_.emplace_back();
  given.segment = segment_.value_or(0);
  given.first_arrival = frame.first_arrival;
  given.last_arrival = frame.last_arrival;
  given.after_damage = std::exchange(dropped_, false);
  given.frame.ticks = frame.ticks;
  given.frame.key = key;
  if (key) given.frame.size = size;
  given.frame.orientation = std::exchange(orientation_, std::nullopt);
  usual_bytes_ = frame.bytes.size();
  given.frame.bytes = std::move(frame.bytes);
}

void Vp8Depacketizer::drop(const Assembly& frame, std::string_view condition, std::string_view why) {
  const auto header = parse_vp8_frame_header(frame.bytes);
  references_.lose(frame.descriptor, frame.has_start && header && !header->key && header->leaves_nothing());
  dropped_ = true;
  log(condition, frame.ticks, 1,
      fmt::format("the frame at RTP time {} (packet {}) {}", frame.timestamp.value,
                  static_cast<std::uint16_t>(frame.sequence), why));
}

void Vp8Depacketizer::log(std::string_view condition, std::int64_t ticks, std::uint64_t frames,
                          std::string text) {
  damage_.add({.condition = condition,
               .place = options_.place,
               .unit = "frames",
               .position = ticks,
               .amount = frames,
               .text = std::move(text)});
}

}  // namespace greffe::depacketizer
