// Amounts as people read them; programs get plain numbers.
#pragma once

#include <cstdint>
#include <string>

namespace greffe::cli {

// "999 B", "1.2 kB", "345 MB": of 1000, three digits at most.
std::string bytes_text(std::int64_t bytes);
// "1:02:03": hours, minutes and seconds, rounded down.
std::string length_text(std::int64_t ms);
// "1 234 567".
std::string count_text(std::int64_t count);

}  // namespace greffe::cli
