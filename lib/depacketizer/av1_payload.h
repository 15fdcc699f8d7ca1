// The RTP payloads that carry AV1 (RTP Payload Format For AV1 §4).
#pragma once

#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"

namespace greffe::depacketizer {

// What one packet carries.
struct Av1Payload {
  bool continues = false;        // Z: the first element goes on from the packet before
  bool goes_on = false;          // Y: the last element goes on in the next packet
  bool starts_sequence = false;  // N: a new coded video sequence; says nothing about frames (R44)
  std::vector<Bytes> elements;   // OBUs or parts of them; none is empty; as long as the packet's bytes
};

// Fails when a length is cut or runs past the payload (R45), or there is no element.
Result<Av1Payload> parse_av1_payload(Bytes payload);

}  // namespace greffe::depacketizer
