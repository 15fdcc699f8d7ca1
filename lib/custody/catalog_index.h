// Keeps the catalog true to the folders and the journal it is an index of.
#pragma once

#include <string_view>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "custody/acting.h"

namespace greffe::custody {

// Adds the journal's entries that the catalog does not know yet.
Status index_journal(const catalog::Archive& archive, catalog::Catalog& catalog);

// Makes the rows of one meeting what its folder says, and adds new journal entries: the last step of whatever
// made or changed a meeting folder, to be taken while its lock is held. What is imperfect in the folder goes
// to `damage`. In the same transaction the meeting comes under every live hold that it matches (H3).
Status index_meeting(const catalog::Archive& archive, std::string_view id, const Acting& acting,
                     DamageLog& damage);

}  // namespace greffe::custody
