#include "depacketizer/format_parameters.h"

#include "base/base64.h"
#include "base/parse.h"
#include "base/text.h"

namespace greffe::depacketizer {
namespace {

bool same_name(std::string_view a, std::string_view b) { return lower_case(a) == lower_case(b); }

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
  return bytes_of_base64(std::string(text) + std::string((4 - text.size() % 4) % 4, '='));
}

std::vector<std::vector<std::uint8_t>> decode_units(std::string_view list) {
  std::vector<std::vector<std::uint8_t>> units;
  while (!list.empty())
    if (auto unit = decode_base64(trimmed(take_until(list, ','))); unit && !unit->empty())
      units.push_back(std::move(*unit));
  return units;
}

}  // namespace greffe::depacketizer
