// Legal holds on the disk: holds/ID/hold.json, members-NNNNNN.json and release.json, each written once.
#pragma once

#include <string>
#include <vector>

#include "catalog/archive.h"
#include "catalog/rows.h"
#include "json/value.h"

namespace greffe::custody {

// Of one folder. `hold.batches` is how many files of members there are.
struct StoredHold {
  catalog::HoldRow hold;
  std::vector<std::string> meetings;  // named by id, where no query finds them
  std::vector<catalog::HoldMemberRow> members;
};

Path holds_folder(const catalog::Archive& archive);
// "holds/ID/members-000001.json", relative to the archive: as the journal names it.
std::string members_path(std::string_view hold, std::int64_t batch);

// `parsed` is what was understood of the query, null for none.
std::string hold_text(const catalog::HoldRow& hold, const std::vector<std::string>& meetings,
                      const json::Value& parsed);
std::string members_text(std::string_view hold, const std::vector<catalog::HoldMemberRow>& members);
std::string release_text(const catalog::HoldRow& hold);

// Ids of the folders there are, in order.
Result<std::vector<std::string>> stored_holds(const catalog::Archive& archive);
// Members of batches up to `known` are passed over.
Result<StoredHold> read_stored_hold(const catalog::Archive& archive, const std::string& id,
                                    std::int64_t known = 0);
// Whether the folder has more than this row knows: a release, or batches of members; true where that cannot
// be asked.
bool has_more(const catalog::Archive& archive, const catalog::HoldRow& row);

}  // namespace greffe::custody
