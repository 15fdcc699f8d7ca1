// Rows of disposal lists and of what was destroyed. The truth are the files in disposals/; see
// disposal_files.h.
#pragma once

#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/closed_list.h"
#include "catalog/disposal_files.h"
#include "catalog/retention_rows.h"

namespace greffe::catalog {

// Makes the rows of a list what its files say. The rows of meetings that were destroyed go, with their words,
// but of those that were taken in again. For a transaction of the caller's.
Status put_disposal(const Catalog& catalog, const DisposalRecord& record,
                    const std::optional<ClosedList>& closed, const std::set<std::string>& come_again);

// The same of one line, whose meeting was destroyed.
Status put_destroyed_line(const Catalog& catalog, const DisposalRecord& record, const std::string& meeting);

// Ids of the lists of which the catalog knows that nothing can come any more.
Result<std::set<std::string>> closed_lists(const Catalog& catalog);

// A list on one line.
struct ListSummary {
  std::string id, day, by, scope, sha512;
  std::int64_t meetings = 0, bytes = 0, visas = 0, certificates = 0;
  std::map<retention::LineState, std::int64_t> states;  // how many lines
};
// Of the closed lists, by id, without a look at their files.
Result<std::map<std::string, ListSummary>> closed_summaries(const Catalog& catalog);

// The list of this folder, completed by what was destroyed through others since it was made.
Result<DisposalRecord> read_disposal(const Path& folder, const Catalog& catalog);

// What a list says of a meeting that may be proposed again.
struct EarlierLine {
  std::string list;
  WallTime made{};  // the list
  retention::LineState state{};
  std::optional<CivilDate> again_from;  // nullopt: when somebody names it
};
// Of the newest closed list.
Result<std::optional<EarlierLine>> find_earlier_line(const Catalog& catalog, std::string_view meeting);

// What was destroyed with a dump of this digest.
struct DestroyedDump {
  fixity::Digest digest;
  std::string meeting;
  std::string list;
};
Result<std::vector<DestroyedDump>> destroyed_with(const Catalog& catalog,
                                                  std::span<const fixity::Digest> dumps);

// Other meetings that have a dump of one of these digests.
Result<std::vector<std::string>> others_with(const Catalog& catalog, std::string_view meeting,
                                             std::span<const std::string> dumps);

// The holds that block disposal and cover a meeting, with the day since when; released ones too.
Result<std::vector<CoveringHold>> coverages_of(const Catalog& catalog, std::string_view meeting);

// How the newest entry of the journal with this action ("dispose", "restore", "purge") and only subject that
// tells of this file ended; empty when there is none.
Result<std::string> last_disposal_outcome(const Catalog& catalog, std::string_view action,
                                          std::string_view meeting, std::string_view file);

// Numbers of the first and the last entry about the purge of these meetings; zeros for none.
Result<std::pair<std::int64_t, std::int64_t>> purge_entries(const Catalog& catalog,
                                                            std::span<const std::string> meetings);

}  // namespace greffe::catalog
