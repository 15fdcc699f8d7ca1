#include "package/bag_info.h"

#include <algorithm>
#include <array>

#include "base/parse.h"
#include "base/text.h"

namespace greffe::package {
namespace {

// Labels that stand once (§2.2.2).
constexpr std::array<std::string_view, 5> Single{"Bagging-Date", "Bag-Size", "Payload-Oxum",
                                                 "Bag-Group-Identifier", "Bag-Count"};

void check_repeats(const BagInfo& info, const std::string& file, BagVersion version, BagFindings& findings) {
  for (const std::string_view label : Single) {
    const auto times =
        std::count_if(info.begin(), info.end(), [&](const auto& one) { return is_label(one.label, label); });
    if (times > 1)
      findings.add(version < NewestVersion ? Grade::Warning : Grade::Invalid, reason::RepeatedLabel, file,
                   fmt::format("{} stands {} times", label, times));
  }
}

}  // namespace

bool is_label(std::string_view a, std::string_view b) { return lower_case(a) == lower_case(b); }

std::optional<std::string> find_label(const BagInfo& info, std::string_view label) {
  for (const BagLabel& one : info)
    if (is_label(one.label, label)) return one.value;
  return std::nullopt;
}

BagInfo parse_bag_info(std::string_view text, const std::string& file, BagVersion version,
                       BagFindings& findings) {
  BagInfo info;
  int number = 0;
  while (const auto taken = take_line(text)) {
    const std::string_view line = *taken;
    ++number;
    const std::string place = fmt::format("{}: line {}", file, number);
    if (without_blanks(line).empty()) continue;
    if (is_blank(line.front()) && !info.empty()) {
      std::string& value = info.back().value;
      value += (value.empty() ? "" : " ") + std::string(without_blanks(line));
      continue;
    }
    const auto colon = line.find(':');
    if (colon == std::string_view::npos || without_blanks(line.substr(0, colon)).empty()) {
      findings.add(Grade::Invalid, reason::BadLine, place, "no label with a colon");
      continue;
    }
    const std::string_view label = line.substr(0, colon), value = line.substr(colon + 1);
    if (without_blanks(label) != label)
      findings.add(Grade::Warning, reason::BadLabel, place, "a blank before the colon or the label");
    if (!value.empty() && !is_blank(value.front()))
      findings.add(Grade::Warning, reason::BadLabel, place, "no blank behind the colon");
    info.push_back({std::string(without_blanks(label)), std::string(without_blanks(value))});
  }
  check_repeats(info, file, version, findings);
  return info;
}

std::string bag_info_text(const BagInfo& info) {
  std::string text;
  for (const auto& [label, value] : info) text += fmt::format("{}: {}\n", label, value);
  return text;
}

Status check_label(const BagLabel& label) {
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < ' ' || c == '\x7f'; };
  const auto& name = label.label;
  if (name.empty() || without_blanks(name) != name || name.find(':') != std::string::npos ||
      std::any_of(name.begin(), name.end(), is_control) || !is_valid_utf8(name))
    return fail(ErrorKind::Usage, "\"{}\" cannot be a label of bag-info.txt", printable(name));
  if (std::any_of(label.value.begin(), label.value.end(), is_control) || !is_valid_utf8(label.value) ||
      without_blanks(label.value) != label.value || label.value.empty())
    return fail(ErrorKind::Usage, "{}: \"{}\" cannot be a value of bag-info.txt", name,
                printable(label.value));
  return {};
}

std::string Oxum::text() const { return fmt::format("{}.{}", bytes, files); }

std::optional<Oxum> Oxum::parse(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos) return std::nullopt;
  const auto bytes = find_number<std::uint64_t>(text.substr(0, dot)),
             files = find_number<std::uint64_t>(text.substr(dot + 1));
  if (!bytes || !files) return std::nullopt;
  return Oxum{*bytes, *files};
}

}  // namespace greffe::package
