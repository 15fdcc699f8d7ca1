// What a datagram is, by its first bytes (RFC 7983 §7, RFC 5761 §4).
#pragma once

#include <string_view>

#include "base/byte_reader.h"

namespace greffe::dump {

enum class PacketClass : std::uint8_t { Rtp, Rtcp, Stun, Zrtp, Dtls, TurnChannel, TooShort, Unknown };

PacketClass classify(Bytes bytes);
// For people: "a STUN message".
std::string_view describe(PacketClass packet_class);

}  // namespace greffe::dump
