#include "cli/figures.h"

#include <fmt/format.h>

#include <array>

namespace greffe::cli {

std::string bytes_text(std::int64_t bytes) {
  constexpr std::array Units{"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return fmt::format("{} B", bytes);
  std::size_t unit = 0;
  double amount = static_cast<double>(bytes) / 1000;
  // 999.5 would be written as 1000.
  for (; amount >= 999.5 && unit + 1 < Units.size(); ++unit) amount /= 1000;
  return amount < 9.95 ? fmt::format("{:.1f} {}", amount, Units[unit])
                       : fmt::format("{:.0f} {}", amount, Units[unit]);
}

std::string length_text(std::int64_t ms) {
  const std::int64_t seconds = ms / 1000;
  return fmt::format("{}:{:02}:{:02}", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

std::string count_text(std::int64_t count) {
  std::string text = fmt::format("{}", count);
  for (std::ptrdiff_t at = static_cast<std::ptrdiff_t>(text.size()) - 3; at > (count < 0 ? 1 : 0); at -= 3)
    text.insert(static_cast<std::size_t>(at), " ");
  return text;
}

}  // namespace greffe::cli
