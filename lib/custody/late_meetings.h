// Meetings whose folders say more than their rows: a program was killed in between, or is at it.
#pragma once

#include <set>
#include <string>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "journal/entry.h"

namespace greffe::custody {

// What an entry tells of the folder of a meeting; nullopt where nothing.
std::optional<catalog::FolderChange> folder_change_of(const journal::JournalEntry& entry);

// Their ids, each damage "other-rows". Whether a live hold takes such a meeting, or what its rules are,
// nobody can tell before its rows are made again. Only folders of which the journal tells what the rows do
// not have are looked at.
Result<std::set<std::string>> read_late_meetings(const catalog::Archive& archive,
                                                 const catalog::Catalog& catalog, DamageLog& damage);

}  // namespace greffe::custody
