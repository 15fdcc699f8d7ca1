// Names of files in a bag: which are refused, which are the same in other letters.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "package/bag_finding.h"
#include "package/bag_text.h"

namespace greffe::package {

// Why a path may not stand in a bag (RFC 8493 §5.2): AbsolutePath, ParentPath or HomePath; nullopt for a good
// one.
std::optional<std::string_view> unsafe_path(std::string_view path);

// With %0A, %0D and %25 as the bytes they stand for (§2.1.3); other escapes are text. Before 1.0 a % was
// written as it is.
std::string decoded_path(std::string_view written, BagVersion version);
// The other way round, as 1.0 has it.
std::string encoded_path(std::string_view path);

// Equal for names that differ in their Unicode normalization only (NFC); bytes that are no UTF-8 stay.
std::string normalized_name(std::string_view name);
// Equal for names that differ in case, too.
std::string folded_name(std::string_view name);

}  // namespace greffe::package
