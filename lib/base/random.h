// Names and salts that nobody can guess.
#pragma once

#include <cstddef>
#include <string>

namespace greffe {

// `bytes` random bytes, at most 256, as small hex digits. So many the kernel gives whole (getrandom(2)); on
// one that refuses them the program ends, for whoever asks relies on them.
std::string random_hex(std::size_t bytes);

}  // namespace greffe
