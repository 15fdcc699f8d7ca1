// Rows of legal holds and of what they cover. The truth are the files in holds/; see custody/hold_files.h.
#pragma once

#include <vector>

#include "catalog/catalog.h"

namespace greffe::catalog {

// One meeting under a hold, as people are told of it.
struct HeldMeeting {
  std::string id;
  std::string title;
  std::int64_t start_unix_ms = 0;
  std::int64_t bytes = 0;  // of all assets
};

// A new hold, or the release of one and how many batches of its members are in.
Status put_hold(const Catalog& catalog, const HoldRow& hold);
// Those known already stay as they are (H4).
Status put_members(const Catalog& catalog, std::string_view hold, const std::vector<HoldMemberRow>& members);

// By id.
Result<std::vector<HoldRow>> all_holds(const Catalog& catalog);
Result<std::vector<HoldMemberRow>> members_of(const Catalog& catalog, std::string_view hold);
// Holds whose members have this meeting, released ones too.
Result<std::vector<HoldRow>> holds_on(const Catalog& catalog, std::string_view meeting);
Result<bool> is_member(const Catalog& catalog, std::string_view hold, std::string_view meeting);
// Of the meeting's folder; nullopt when it has no rows.
Result<std::optional<fixity::Digest>> manifest_of(const Catalog& catalog, std::string_view meeting);
// What is known of these meetings, in their order; ids without a row are left out.
Result<std::vector<HeldMeeting>> describe_meetings(const Catalog& catalog,
                                                   const std::vector<std::string>& ids);

}  // namespace greffe::catalog
