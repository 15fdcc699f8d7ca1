#include "base/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <span>

namespace greffe {

std::string random_hex(std::size_t bytes) {
  std::array<std::uint8_t, 256> random{};
  assert(bytes <= random.size());
  ssize_t given = 0;
  do given = ::getrandom(random.data(), bytes, 0);
  while (given < 0 && errno == EINTR);  // of a system that has just begun
  if (given != static_cast<ssize_t>(bytes)) std::abort();
  return fmt::format("{:02x}", fmt::join(std::span(random).first(bytes), ""));
}

}  // namespace greffe
