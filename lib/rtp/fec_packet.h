// Error correction packets: which packets they protect, and the sum (XOR) of them.
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <span>

#include "base/byte_reader.h"
#include "base/result.h"
#include "rtp/packet.h"
#include "units/rtp.h"

namespace greffe::rtp {

// One protection of one stream, as both formats have it. Views into the payload.
struct FecPacket {
  static constexpr std::size_t MostProtected = 255;  // a column or row of FlexFEC
  static constexpr std::size_t MostSpan = 256;       // numbers, from the first to the last

  // The sums over the protected packets: of their first octet, their second, their RTP times, and the lengths
  // of all that follows their first 12 octets.
  std::uint8_t first_octet = 0;   // P, X and CC; the version bits mean nothing
  std::uint8_t second_octet = 0;  // M and payload type
  std::uint32_t timestamp = 0;
  std::uint16_t length = 0;
  std::optional<Ssrc> ssrc;  // of the protected stream; ULPFEC is sent under it and does not name it
  SequenceNumber base;
  std::array<std::uint16_t, MostProtected> offsets{};  // of the protected packets' numbers from base, rising
  std::size_t count = 0;                               // of them, >= 1
  Bytes sum;  // of what follows the first 12 octets, shorter packets filled up with zeros

  std::span<const std::uint16_t> protected_offsets() const { return std::span(offsets).first(count); }
};

// ULPFEC (RFC 5109 §7.3, §7.4): the first level. Fails when it is cut, protects nothing, or is of the
// extended kind (E), which the RFC leaves open.
Result<FecPacket> parse_ulpfec(Bytes payload);

// FlexFEC: a packet without CSRC as browsers send it (draft-ietf-payload-flexible-fec-scheme-03 §4.2), with a
// flexible mask; one that names the stream it protects as its CSRC as in RFC 8627 §4.2.2: flexible masks,
// rows and columns, and retransmissions, which are sums of one packet. Fails for several streams, what spans
// more numbers than MostSpan, and what is cut or protects nothing.
Result<FecPacket> parse_flexfec(const RtpPacket& packet);

}  // namespace greffe::rtp
