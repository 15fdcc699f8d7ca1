#include "depacketizer/video_depacketizer.h"

#include <algorithm>
#include <utility>

namespace greffe::depacketizer {

std::string VideoDepacketizer::Placement::words() const {
  return fmt::format("RTP time {} (packet {})", timestamp.value, static_cast<std::uint16_t>(sequence));
}

VideoDepacketizer::VideoDepacketizer(media::CodecId codec, rtp::PacketSource& packets, Options options,
                                     DamageLog& damage)
    : packets_(packets), options_(std::move(options)), damage_(damage), filter_(codec, options_, damage) {}

Result<std::optional<FrameInTrack>> VideoDepacketizer::next() {
  while (ready_.empty() && !ended_) {
    GREFFE_TRY(const auto packet, packets_.next());
    if (packet) {
      take(*packet);
    } else {
      ended_ = true;
      finish();
    }
  }
  if (ready_.empty()) return std::nullopt;
  FrameInTrack frame = std::move(ready_.front());
  ready_.pop_front();
  return frame;
}

VideoDepacketizer::Placement VideoDepacketizer::place(const rtp::OrderedPacket& first) const {
  return {.segment = segment_.value_or(0),
          .ticks = first.ticks,
          .sequence = first.sequence,
          .timestamp = first.packet.timestamp,
          .first_arrival = first.arrival,
          .last_arrival = first.arrival};
}

void VideoDepacketizer::add_packet(Placement& frame, const rtp::OrderedPacket& packet) const {
  frame.first_arrival = std::min(frame.first_arrival, packet.arrival);
  frame.last_arrival = std::max(frame.last_arrival, packet.arrival);
  if (const auto said = find_orientation(packet.packet, options_.extensions.video_orientation))
    frame.orientation = said;
}

void VideoDepacketizer::turn(const Placement& frame) {
  if (frame.orientation) orientation_ = frame.orientation;
}

FrameInTrack& VideoDepacketizer::give_out(const Placement& frame, bool key,
                                          std::optional<media::PictureSize> size) {
  FrameInTrack& given = ready_.emplace_back();
  given.segment = frame.segment;
  given.first_arrival = frame.first_arrival;
  given.last_arrival = frame.last_arrival;
  given.after_damage = std::exchange(dropped_, false);
  given.frame.ticks = frame.ticks;
  given.frame.key = key;
  if (key) given.frame.size = size;
  given.frame.orientation = std::exchange(orientation_, std::nullopt);
  return given;
}

void VideoDepacketizer::log(std::string_view condition, const Placement& frame, std::uint64_t frames,
                            std::string text) {
  damage_.add({.condition = condition,
               .place = options_.place,
               .unit = "frames",
               .position = as_sent<std::uint32_t>(frame.ticks),
               .amount = frames,
               .text = std::move(text)});
}

void VideoDepacketizer::log_packet(std::string_view condition, const rtp::OrderedPacket& packet,
                                   std::string_view unit, std::string_view why) {
  damage_.add({.condition = condition,
               .place = options_.place,
               .unit = unit,
               .position = as_sent<std::uint32_t>(packet.ticks),
               .text = fmt::format("packet {}: {}", packet.packet.sequence.value, why)});
}

}  // namespace greffe::depacketizer
