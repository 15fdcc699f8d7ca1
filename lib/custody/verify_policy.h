// The files of policy/, queries/ and exports/ against the journal: each is written once, and its digest
// journaled.
#pragma once

#include <string_view>
#include <vector>

#include "catalog/archive.h"
#include "journal/finding.h"

namespace greffe::custody {

namespace reason {
inline constexpr std::string_view MissingPolicyFile = "missing-policy-file";  // that the journal tells of
inline constexpr std::string_view OtherPolicyFile =
    "other-policy-file";  // than the journal tells of, or none
inline constexpr std::string_view MissingQueryFile = "missing-query-file";  // the same of queries/
inline constexpr std::string_view OtherQueryFile = "other-query-file";
inline constexpr std::string_view MissingDisposalFile = "missing-disposal-file";  // and of disposals/
inline constexpr std::string_view OtherDisposalFile = "other-disposal-file";
inline constexpr std::string_view MissingExportFile = "missing-export-file";  // and of exports/
inline constexpr std::string_view OtherExportFile = "other-export-file";
}  // namespace reason

// Changes nothing.
Result<std::vector<journal::Finding>> verify_policy_files(const catalog::Archive& archive);

}  // namespace greffe::custody
