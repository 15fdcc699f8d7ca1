#include "dump/packet_class.h"

namespace greffe::dump {

namespace {
constexpr std::size_t RtpHeaderBytes = 12;
constexpr std::size_t RtcpHeaderBytes = 8;  // an empty receiver report, the least there is
}  // namespace

PacketClass classify(Bytes bytes) {
  if (bytes.size() < 2) return PacketClass::TooShort;
  const std::uint8_t first = bytes[0];
  if (first <= 3) return PacketClass::Stun;
  if (first >= 16 && first <= 19) return PacketClass::Zrtp;
  if (first >= 20 && first <= 63) return PacketClass::Dtls;
  if (first >= 64 && first <= 79) return PacketClass::TurnChannel;
  if (first < 128 || first > 191) return PacketClass::Unknown;
  // Version 2. The second byte is the RTCP packet type, or marker and payload type: types 64 to 95 are
  // not given to RTP where both may stand.
  if (bytes[1] >= 192 && bytes[1] <= 223)
    return bytes.size() >= RtcpHeaderBytes ? PacketClass::Rtcp : PacketClass::TooShort;
  return bytes.size() >= RtpHeaderBytes ? PacketClass::Rtp : PacketClass::TooShort;
}

std::string_view describe(PacketClass packet_class) {
  switch (packet_class) {
    case PacketClass::Rtp: return "an RTP packet";
    case PacketClass::Rtcp: return "an RTCP packet";
    case PacketClass::Stun: return "a STUN message";
    case PacketClass::Zrtp: return "a ZRTP message";
    case PacketClass::Dtls: return "a DTLS record";
    case PacketClass::TurnChannel: return "TURN channel data";
    case PacketClass::TooShort: return "too short for a packet";
    case PacketClass::Unknown: break;
  }
  return "neither RTP nor RTCP";
}

}  // namespace greffe::dump
