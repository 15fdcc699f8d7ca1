// Names and salts that nobody can guess.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>
#include <string>

namespace greffe {

// Fills at most 256 bytes. So many the kernel gives whole (getrandom(2)); on one that refuses them
// std::system_error is thrown, for whoever asks relies on them.
void random_bytes(std::span<std::uint8_t> bytes);

// `bytes` random bytes, at most 256, as small hex digits.
std::string random_hex(std::size_t bytes);

}  // namespace greffe
