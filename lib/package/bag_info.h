// bag-info.txt: what people and programs say of a bag (RFC 8493 §2.2.2).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.h"
#include "package/bag_finding.h"
#include "package/bag_text.h"

namespace greffe::package {

struct BagLabel {
  std::string label;
  std::string value;  // one line: what was folded is joined by a blank
  bool operator==(const BagLabel&) const = default;
};
// In their order; labels may repeat.
using BagInfo = std::vector<BagLabel>;

// What cannot be read is added to `findings`; labels are kept as they are written.
BagInfo parse_bag_info(std::string_view text, const std::string& file, BagVersion version,
                       BagFindings& findings);
std::string bag_info_text(const BagInfo& info);
// ErrorKind::Usage for what could not be read again: a colon or control character in a label, blanks around
// it, a line end in a value.
Status check_label(const BagLabel& label);

// Letters of either case (§2.2.2).
bool is_label(std::string_view a, std::string_view b);
std::optional<std::string> find_label(const BagInfo& info, std::string_view label);

// Payload-Oxum: how many octets in how many streams.
struct Oxum {
  std::uint64_t bytes = 0;
  std::uint64_t files = 0;
  bool operator==(const Oxum&) const = default;
  std::string text() const;
  static std::optional<Oxum> parse(std::string_view text);
};

}  // namespace greffe::package
