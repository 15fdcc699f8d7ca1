// A sender of H.264 or H.265 for tests, and what a depacketizer makes of it.
#pragma once

#include "support/nal_writer.h"
#include "support/unpacked.h"

namespace greffe::test {

// 10 frames a second, with consecutive numbers. What was sent is kept: one list of units for each RTP time.
class NalSender {
 public:
  // One packet of the frame at hand.
  void packet(Octets payload, bool marker = false) {
    packets.push_back({.sequence = sequence_++,
                       .timestamp = time_,
                       .payload = std::move(payload),
                       .arrival_ms = time_ / 90,
                       .marker = marker});
  }
  void end_frame() { time_ += 9000; }
  // A frame, one packet for each unit.
  void frame(const std::vector<Octets>& units) {
    for (std::size_t i = 0; i < units.size(); ++i) packet(units[i], i + 1 == units.size());
    end_frame();
  }
  // Takes packet `index` (of those left) away.
  void lose(std::size_t index) { packets.erase(packets.begin() + static_cast<std::ptrdiff_t>(index)); }

  std::vector<TestPacket> packets;

 private:
  std::uint16_t sequence_ = 1;
  std::uint32_t time_ = 0;
};

inline Unpacked unpack(const std::vector<TestPacket>& packets, media::CodecId codec,
                       const std::string& format_parameters = {}) {
  Unpacked out;
  ListedPackets source(packets);
  rtp::JitterBuffer buffer(source, {.place = "track", .clock_rate = ClockRate{90'000}}, out.damage);
  const auto depacketizer = depacketizer::make_depacketizer(codec, buffer,
                                                            {.place = "track",
                                                             .extensions = {.video_orientation = 13},
                                                             .payload_types = {},
                                                             .format_parameters = format_parameters},
                                                            out.damage);
  for (;;) {
    auto frame = (*depacketizer)->next();
    if (!frame || !*frame) return out;
    if (out.frames.empty()) out.codec_private = (*depacketizer)->codec_private();
    out.frames.push_back(std::move(**frame));
  }
}

}  // namespace greffe::test
