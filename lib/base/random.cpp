#include "base/random.h"

#include <fmt/format.h>
#include <sys/random.h>

#include <array>
#include <cassert>
#include <cerrno>
#include <system_error>

namespace greffe {
namespace {

constexpr std::size_t MostBytes = 256;

}  // namespace

void random_bytes(std::span<std::uint8_t> bytes) {
  assert(bytes.size() <= MostBytes);
  ssize_t given = 0;
  do given = ::getrandom(bytes.data(), bytes.size(), 0);
  while (given < 0 && errno == EINTR);  // of a system that has just begun
  if (given != static_cast<ssize_t>(bytes.size()))
    throw std::system_error(errno, std::generic_category(), "no random bytes");
}

std::string random_hex(std::size_t bytes) {
  std::array<std::uint8_t, MostBytes> random{};
  assert(bytes <= random.size());
  const auto drawn = std::span(random).first(bytes);
  random_bytes(drawn);
  return fmt::format("{:02x}", fmt::join(drawn, ""));
}

}  // namespace greffe
