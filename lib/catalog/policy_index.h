// The rows of the policy: an index of policy/.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "catalog/catalog.h"
#include "catalog/policy_folder.h"

namespace greffe::catalog {

// Adds what the catalog does not know yet, in one transaction. Fails with ErrorKind::Integrity, and adds
// nothing, where a file is no longer the one that was entered.
Status put_policy(const Catalog& catalog, const PolicyRecords& records);
// Fails with ErrorKind::Integrity where a file is not the one that was entered.
Status check_policy(const Catalog& catalog, const PolicyRecords& records);

// Adds these events, in order; each with a number above the last one known.
Status put_events(const Catalog& catalog, const std::vector<EventRecord>& events);
// The number of the last event known, 0 for none.
Result<std::int64_t> last_event(const Catalog& catalog);

// What is known of an event, without its meetings; nullopt where the catalog does not have it.
Result<std::optional<EventRecord>> find_event(const Catalog& catalog, std::int64_t number);

// How the newest journal entry of this action and this only subject ended; empty when there is none.
Result<std::string> last_outcome(const Catalog& catalog, std::string_view action, std::string_view subject);

// The one meeting whose id is or begins with `prefix`. ErrorKind::Usage when there is none, or several: then
// with the first of them.
Result<std::string> find_meeting_id(const Catalog& catalog, std::string_view prefix);

}  // namespace greffe::catalog
