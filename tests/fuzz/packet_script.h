// Bytes as a list of packets, and the ways such a list goes: to a jitter buffer, and on to a depacketizer.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "depacketizer/depacketizer.h"
#include "depacketizer/video_packet.h"
#include "require.h"
#include "rtp/jitter_buffer.h"
#include "rtp/received_packet.h"

namespace greffe::fuzz {

// Each packet: sequence 16, timestamp 32, arrival step in ms 8 (signed), flags 8 (1 marker, 2 other SSRC, 4
// cut, 8 payload type 97, 16 SSRC 0, 32 of another recording), payload length 8, payload. Numbers are what
// the script says, in any order.
class ScriptedPackets final : public rtp::ReceivedPacketSource {
 public:
  explicit ScriptedPackets(Bytes script) : reader_(script) {}

  Result<rtp::ReceivedPacket*> next() override {
    rtp::ReceivedPacket& received = given_;
    received = {};
    rtp::RtpPacket& packet = received.parsed.packet;
    packet.sequence.value = reader_.u16();
    packet.timestamp.value = reader_.u32();
    arrival_ += std::chrono::milliseconds(static_cast<std::int8_t>(reader_.u8()));
    const std::uint8_t flags = reader_.u8();
    const std::size_t length = reader_.u8();
    if (reader_.failed()) return nullptr;
    packet.payload = reader_.take(std::min(length, reader_.remaining()));
    packet.marker = (flags & 1) != 0;
    packet.ssrc.value = (flags & 16) != 0 ? 0 : (flags & 2) != 0 ? 2 : 1;
    packet.payload_type.value = (flags & 8) != 0 ? 97 : 96;
    received.cut = (flags & 4) != 0;
    recording_ += (flags & 32) != 0 ? 1 : 0;
    received.recording = recording_;
    received.arrival = arrival_;
    received.position = count_++;
    return &received;
  }
  std::uint64_t count() const { return count_; }

 private:
  ByteReader reader_;
  ArrivalTime arrival_{};
  std::uint32_t recording_ = 0;
  rtp::ReceivedPacket given_;
  std::uint64_t count_ = 0;
};

// All packets that `buffer` gives, each to `check`; -> how many. Numbers rise inside a segment.
template <class Check>
std::uint64_t read_packets(rtp::JitterBuffer& buffer, Check check) {
  std::uint64_t given = 0;
  for (std::int64_t last = -1;; ++given) {
    const auto packet = buffer.next();
    require(packet.has_value());
    if (!*packet) return given;
    require((*packet)->starts_segment || (*packet)->sequence == last + 1 + (*packet)->lost_before);
    last = (*packet)->sequence;
    check(**packet);
  }
}

// All frames that the depacketizer of `codec` makes of the script, each to `check` together with the
// depacketizer. None comes out empty, a segment begins with a key frame, and key frames have an allowed size.
template <class Check>
void read_frames(media::CodecId codec, Bytes script, Check check, const std::string& format = {}) {
  ScriptedPackets source(script);
  DamageLog damage;
  rtp::JitterBuffer buffer(source, {.place = "track", .window = 8, .clock_rate = ClockRate{90'000}}, damage);
  const auto depacketizer = depacketizer::make_depacketizer(codec, buffer,
                                                            {.place = "track",
                                                             .extensions = {},
                                                             .payload_types = {{PayloadType{96}, codec}},
                                                             .format_parameters = format},
                                                            damage);
  require(depacketizer.has_value());
  std::optional<std::uint32_t> segment;
  for (;;) {
    const auto given = (*depacketizer)->next();
    require(given.has_value());
    if (!*given) return;
    const media::CodedFrame& frame = (*given)->frame;
    require(!frame.bytes.empty());
    require(frame.key || segment == (*given)->segment);
    require(frame.key == frame.size.has_value());
    require(!frame.size || depacketizer::is_allowed(*frame.size));
    segment = (*given)->segment;
    check(frame, **depacketizer);
  }
}

}  // namespace greffe::fuzz
