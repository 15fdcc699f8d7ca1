#include "depacketizer/format_parameters.h"

#include <algorithm>

#include "base/text.h"

namespace greffe::depacketizer {
namespace {

char lower(char letter) { return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter + 32) : letter; }

bool same_name(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

// Takes the text up to the next `mark` off the front, and the mark.
std::string_view take_until(std::string_view& text, char mark) {
  const std::string_view part = text.substr(0, text.find(mark));
  text.remove_prefix(std::min(part.size() + 1, text.size()));
  return part;
}

int value_of(char letter) {
  if (letter >= 'A' && letter <= 'Z') return letter - 'A';
  if (letter >= 'a' && letter <= 'z') return letter - 'a' + 26;
  if (letter >= '0' && letter <= '9') return letter - '0' + 52;
  return letter == '+' ? 62 : letter == '/' ? 63 : -1;
}

}  // namespace

std::optional<std::string_view> find_parameter(std::string_view format_parameters, std::string_view name) {
  while (!format_parameters.empty()) {
    std::string_view value = take_until(format_parameters, ';');
    if (same_name(trimmed(take_until(value, '=')), name)) return trimmed(value);
  }
  return std::nullopt;
}

std::optional<std::vector<std::uint8_t>> decode_base64(std::string_view text) {
  while (text.ends_with('=')) text.remove_suffix(1);
  std::vector<std::uint8_t> bytes;
  std::uint32_t bits = 0;
  unsigned count = 0;
  for (const char letter : text) {
    const int value = value_of(letter);
    if (value < 0) return std::nullopt;
    bits = (bits << 6 | static_cast<std::uint32_t>(value)) & 0xFFFF;
    count += 6;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(bits >> count));
  }
  const bool whole = count < 6 && (bits & ((1u << count) - 1)) == 0;
  return whole ? std::optional(std::move(bytes)) : std::nullopt;
}

std::vector<std::vector<std::uint8_t>> decode_units(std::string_view list) {
  std::vector<std::vector<std::uint8_t>> units;
  while (!list.empty())
    if (auto unit = decode_base64(trimmed(take_until(list, ','))); unit && !unit->empty())
      units.push_back(std::move(*unit));
  return units;
}

}  // namespace greffe::depacketizer
