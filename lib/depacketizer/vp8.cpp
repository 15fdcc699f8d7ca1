#include "depacketizer/vp8.h"

#include <algorithm>

#include "depacketizer/vp8_frame_header.h"
#include "rtp/header_extension.h"

namespace greffe::depacketizer {
namespace {

constexpr std::size_t MaxFrameBytes = std::size_t{64} << 20;  // SAFETY S2
constexpr int MaxSide_px = 8192;
constexpr std::int64_t MaxArea_px = 36'000'000;

bool is_allowed(media::PictureSize size) {
  return size.width_px > 0 && size.height_px > 0 && size.width_px <= MaxSide_px &&
         size.height_px <= MaxSide_px && std::int64_t{size.width_px} * size.height_px <= MaxArea_px;
}

std::optional<media::Orientation> find_orientation(const rtp::RtpPacket& packet, std::optional<int> id) {
  if (!id || packet.extension.empty()) return std::nullopt;
  const auto bytes = rtp::find_extension(packet, *id);
  const auto said = bytes ? rtp::video_orientation_of(*bytes) : std::nullopt;
  if (!said) return std::nullopt;
  return media::Orientation{.rotation_deg = said->rotation_deg, .flip = said->flip};
}

}  // namespace

Vp8Depacketizer::Vp8Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage)
    : packets_(packets),
      options_(std::move(options)),
      damage_(damage),
      filter_(media::CodecId::Vp8, options_, damage) {}

Result<std::optional<FrameInTrack>> Vp8Depacketizer::next() {
  while (!ended_) {
    GREFFE_TRY(const auto packet, packets_.next());
    ended_ = !packet;
    if (auto frame = packet ? take(*packet) : close(false)) return frame;
  }
  return std::nullopt;
}

// A frame ends when a packet of the next one comes: so a marker set in its middle does no harm.
std::optional<FrameInTrack> Vp8Depacketizer::take(const rtp::OrderedPacket& packet) {
  std::optional<FrameInTrack> done;
  if (packet.starts_segment) {
    done = close(false);
    references_.reset();
    segment_ = segment_ ? *segment_ + 1 : 0;
    hole_ = marks_all_ = false;
  }
  if (packet.lost_before > 0) hole_ = true;
  if (!filter_.holds_media(packet)) return done;
  if (const auto said = find_orientation(packet.packet, options_.extensions.video_orientation))
    orientation_ = said;
  if (packet.cut) {
    hole_ = true;
    return done;
  }
  const auto descriptor = parse_vp8_descriptor(packet.packet.payload);
  if (!descriptor) {
    hole_ = true;
    log("frame-malformed", 1,
        fmt::format("packet {}: {}", packet.packet.sequence.value, descriptor.error().message()));
    return done;
  }
  if (!continues(*descriptor, packet)) {
    if (frame_.open) done = close(hole_);
    if (hole_) references_.note_hole();
    open(*descriptor, packet);
  }
  append(*descriptor, packet);
  hole_ = false;
  return done;
}

bool Vp8Depacketizer::continues(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) const {
  return frame_.open && packet.ticks == frame_.ticks && !descriptor.starts_frame() &&
         descriptor.picture_id == frame_.descriptor.picture_id;
}

void Vp8Depacketizer::open(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  frame_ = Assembly{.open = true,
                    .descriptor = descriptor,
                    .ticks = packet.ticks,
                    .sequence = packet.sequence,
                    .timestamp = packet.packet.timestamp,
                    .first_arrival = packet.arrival,
                    .last_arrival = packet.arrival,
                    .has_start = descriptor.starts_frame()};
  frame_.descriptor.payload = {};
  frame_.bytes.reserve(usual_bytes_);
  if (!frame_.has_start) frame_.has_hole = hole_;
}

void Vp8Depacketizer::append(const Vp8Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  const bool goes_on = packet.sequence != frame_.sequence;
  if (goes_on && hole_) frame_.has_hole = true;
  if (frame_.ended) marks_all_ = true;
  frame_.ended = packet.packet.marker;
  frame_.first_arrival = std::min(frame_.first_arrival, packet.arrival);
  frame_.last_arrival = std::max(frame_.last_arrival, packet.arrival);
  if (frame_.bytes.size() + descriptor.payload.size() > MaxFrameBytes) frame_.has_hole = true;
  if (frame_.has_start && !frame_.has_hole)
    frame_.bytes.insert(frame_.bytes.end(), descriptor.payload.begin(), descriptor.payload.end());
}

std::optional<FrameInTrack> Vp8Depacketizer::close(bool hole_follows) {
  if (!frame_.open) return std::nullopt;
  frame_.open = false;
  references_.see(frame_.descriptor);
  note_missing_frames();
  const bool tail_unsure = !frame_.ended || marks_all_;
  if (frame_.has_hole || (hole_follows && tail_unsure)) {
    drop("frame-hole", "has packets missing");
  } else if (!frame_.has_start) {
    drop("frame-unfinished", "begins in the middle");
  } else if (!frame_.ended) {
    drop("frame-unfinished", "has no last packet");
  } else {
    return close_whole();
  }
  return std::nullopt;
}

std::optional<FrameInTrack> Vp8Depacketizer::close_whole() {
  const auto header = parse_vp8_frame_header(frame_.bytes);
  if (!header) {
    drop("frame-malformed", header.error().message());
  } else if (!least_size(*header, frame_.bytes)) {
    drop("frame-unfinished", "is shorter than its partitions");
  } else if (header->key && !is_allowed(header->size)) {
    drop("frame-refused",
         fmt::format("declares a picture of {}x{}", header->size.width_px, header->size.height_px));
  } else if (references_.take_if_decodable(frame_.descriptor, header->key)) {
    return give(header->key, header->size);
  } else if (references_.waits_for_first_key()) {
    drop("no-key-frame", "comes before any key frame");
  } else {
    drop("frame-undecodable", "refers to what is lost");
  }
  return std::nullopt;
}

void Vp8Depacketizer::note_missing_frames() {
  if (!references_.frames_missing()) return;
  dropped_ = true;
  const int missing = references_.missing_before();
  if (missing == 0) return;
  log("frame-hole", static_cast<std::uint64_t>(missing),
      fmt::format("{} frame(s) before RTP time {} never came", missing, frame_.timestamp.value));
}

FrameInTrack Vp8Depacketizer::give(bool key, media::PictureSize size) {
  FrameInTrack given{.segment = segment_.value_or(0),
                     .first_arrival = frame_.first_arrival,
                     .last_arrival = frame_.last_arrival,
                     .after_damage = std::exchange(dropped_, false)};
  given.frame.ticks = frame_.ticks;
  given.frame.key = key;
  if (key) given.frame.size = size;
  given.frame.orientation = std::exchange(orientation_, std::nullopt);
  usual_bytes_ = frame_.bytes.size();
  given.frame.bytes = std::move(frame_.bytes);
  return given;
}

void Vp8Depacketizer::drop(std::string_view condition, std::string_view why) {
  const auto header = parse_vp8_frame_header(frame_.bytes);
  references_.lose(frame_.descriptor, frame_.has_start && header && !header->key && header->leaves_nothing());
  dropped_ = true;
  log(condition, 1,
      fmt::format("the frame at RTP time {} (packet {}) {}", frame_.timestamp.value,
                  static_cast<std::uint16_t>(frame_.sequence), why));
}

void Vp8Depacketizer::log(std::string_view condition, std::uint64_t frames, std::string text) {
  damage_.add({.condition = condition,
               .place = options_.place,
               .unit = "frames",
               .position = frame_.ticks,
               .amount = frames,
               .text = std::move(text)});
}

}  // namespace greffe::depacketizer
