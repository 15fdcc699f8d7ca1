// What SDP says of a payload format: a=fmtp, without the payload type (RFC 8866 §6.15).
#pragma once

#include <cstdint>
#include <optional>
#include <string_view>
#include <vector>

namespace greffe::depacketizer {

// The value of NAME=VALUE among parameters that semicolons part; names in any case. nullopt when not there.
std::optional<std::string_view> find_parameter(std::string_view format_parameters, std::string_view name);

// RFC 4648 §4, padding optional. nullopt when a character is none of base64 or a bit is left over.
std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text);

// Comma-parted base64, as sprop-parameter-sets has it (RFC 6184 §8.1); what cannot be read is left out.
std::vector<std::vector<std::uint8_t>> decode_units(std::string_view list);

}  // namespace greffe::depacketizer
