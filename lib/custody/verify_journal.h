// The journal of an archive, held against all that can contradict it, the catalog's index of it included.
#pragma once

#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "journal/check_journal.h"

namespace greffe::custody {

struct JournalVerification {
  journal::JournalCheck check;       // its findings hold those about the catalog, too
  std::int64_t catalog_entries = 0;  // rows of the catalog's index
  bool catalog_is_missing = false;   // no finding: it can be made again
};

// Entries that say "done" and are not in the catalog are a finding once they are this old: whoever writes an
// entry enters it there as its last step.
constexpr std::chrono::minutes CatalogMayLag{10};

// Fails only when something cannot be read. Other programs may write meanwhile.
Result<JournalVerification> verify_journal(const catalog::Archive& archive,
                                           const journal::JournalTrust& trust);

// What the catalog's index of the journal contradicts in the journal, for people; nullopt for nothing. That
// it lags behind is nothing, nor that it cannot be read.
Result<std::optional<std::string>> index_contradiction(const catalog::Archive& archive,
                                                       const catalog::Catalog& catalog);

}  // namespace greffe::custody
