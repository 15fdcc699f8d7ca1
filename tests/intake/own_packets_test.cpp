#include "intake/own_packets.h"

#include <gtest/gtest.h>

namespace greffe::intake {
namespace {

// What a sender sent.
class ListedPackets final : public rtp::PacketSource {
 public:
  explicit ListedPackets(std::vector<rtp::OrderedPacket> packets) : packets_(std::move(packets)) {}
  Result<rtp::OrderedPacket*> next() override { return at_ < packets_.size() ? &packets_[at_++] : nullptr; }

 private:
  std::vector<rtp::OrderedPacket> packets_;
  std::size_t at_ = 0;
};

rtp::OrderedPacket packet(std::uint8_t type, std::uint32_t lost = 0, bool starts_segment = false) {
  rtp::OrderedPacket made{.lost_before = lost, .starts_segment = starts_segment};
  made.packet.payload_type = PayloadType{type};
  return made;
}

TEST(OwnPackets, R13_WhatHasATrackOfItsOwnIsPassedOver) {
  ListedPackets sent(
      {packet(0, 0, true), packet(9, 2), packet(9, 1, true), packet(0), packet(13), packet(0, 4)});
  TrackCoding coding{.codec = media::CodecId::Pcmu,
                     .payload_types = {{PayloadType{0}, media::CodecId::Pcmu},
                                       {PayloadType{9}, media::CodecId::G722},
                                       {PayloadType{13}, media::CodecId::ComfortNoise}},
                     .elsewhere = {media::CodecId::G722}};
  OwnPackets own(sent, coding);
  std::string seen;
  while (const auto next = own.next().value())
    seen += fmt::format("{}{}-{} ", next->starts_segment ? "|" : "", next->packet.payload_type.value,
                        next->lost_before);
  EXPECT_EQ(seen, "|0-0 |0-0 13-0 0-4 ")
      << "a segment that begins with what is passed over begins with the next";
  const rtp::PacketCounts counts = own.own({.packets = 6, .lost = 7});
  EXPECT_EQ(counts.packets, 4u);
  EXPECT_EQ(counts.lost, 4u);
}

}  // namespace
}  // namespace greffe::intake
