// The headers of Janus recordings: what stands before their first record (formats: MJR00002, MJR00001,
// legacy).
#pragma once

#include "dump/block_reader.h"
#include "dump/record.h"

namespace greffe::dump {

enum class MjrVersion : std::uint8_t {
  Legacy,  // "MEETECHO", length 5, "audio" or "video"; records as in version 1
  One,     // "MJR00001", JSON; records "MEETECHO" + u16 length
  Two,     // "MJR00002", JSON; records "MEET" + u32 ms since the first record + u16 length
};

struct MjrHeader {
  MjrVersion version = MjrVersion::Two;
  Header header;
  ArrivalTime start{};    // of the first record; 0 when header.wall_clock is false
  std::size_t bytes = 0;  // records begin behind these
};

// True when a recording begins with these bytes (at least 15 of them, fewer at the end of a file).
bool is_mjr_header(Bytes bytes);

// Reads the header at `offset`. Fails with the byte and what was expected there (R51); what is odd but
// harmless in the JSON goes to `damage`.
Result<MjrHeader> read_mjr_header(BlockReader& reader, std::uint64_t offset, std::string_view place,
                                  DamageLog& damage);

}  // namespace greffe::dump
