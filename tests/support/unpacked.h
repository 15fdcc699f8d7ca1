// What a depacketizer makes of packets, behind a jitter buffer.
#pragma once

#include <vector>

#include "depacketizer/depacketizer.h"
#include "rtp/jitter_buffer.h"
#include "support/packets.h"

namespace greffe::test {

struct Unpacked {
  std::vector<depacketizer::FrameInTrack> frames;
  DamageLog damage;
  std::vector<std::uint8_t> codec_private;

  // Which frames of a sender with 10 a second came out, counted from 0.
  std::vector<int> numbers() const {
    std::vector<int> all;
    for (const depacketizer::FrameInTrack& frame : frames)
      all.push_back(static_cast<int>((frame.frame.ticks & 0xffffffff) / 9000));
    return all;
  }
};

template <class Depacketizer>
Unpacked unpack(const std::vector<TestPacket>& packets, depacketizer::Options options) {
  Unpacked out;
  ListedPackets source(packets);
  rtp::JitterBuffer buffer(source, {.place = "track", .clock_rate = ClockRate{90'000}}, out.damage);
  Depacketizer depacketizer(buffer, std::move(options), out.damage);
  for (;;) {
    auto frame = depacketizer.next();
    if (!frame || !*frame) break;
    out.frames.push_back(std::move(**frame));
  }
  out.codec_private = depacketizer.codec_private();
  return out;
}

}  // namespace greffe::test
