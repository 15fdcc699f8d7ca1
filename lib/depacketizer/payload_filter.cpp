#include "depacketizer/payload_filter.h"

namespace greffe::depacketizer {

bool PayloadFilter::holds_media(const rtp::OrderedPacket& packet) {
  return !packet.packet.payload.empty() && is_of_codec(packet);
}

bool PayloadFilter::is_of_codec(const rtp::OrderedPacket& packet) {
  if (options_.payload_types.empty()) return true;
  const PayloadType type = packet.packet.payload_type;
  const auto known = options_.payload_types.find(type);
  const auto drop = [&](std::string_view condition, std::string_view what) {
    damage_.add({.condition = condition,
                 .place = options_.place,
                 .unit = "packets",
                 .position = as_sent<std::uint32_t>(packet.ticks),
                 .text = fmt::format("payload type {} {}: left out", type.value, what)});
    return false;
  };
  if (known == options_.payload_types.end())
    return drop("unknown-payload-type", "is none that the track names");
  const media::CodecId codec = known->second;
  if (codec == codec_) return true;
  if (media::is_beside_sound(codec)) return false;
  if (options_.elsewhere.contains(codec)) return false;
  return drop("other-codec", fmt::format("holds {}, the track {}", media::facts_of(codec).name,
                                         media::facts_of(codec_).name));
}

}  // namespace greffe::depacketizer
