// Base64 of RFC 4648 §4: padded, on one line, each value in one way only.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"

namespace greffe {

std::string base64(Bytes bytes);
// nullopt for other characters, missing padding, and bits set that are not used.
std::optional<std::vector<std::uint8_t>> bytes_of_base64(std::string_view text);

}  // namespace greffe
