// Lists of disposal as people look at them: with the state of each line today.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "catalog/disposal_rows.h"
#include "units/civil_date.h"

namespace greffe::custody {

struct ListView {
  catalog::DisposalRecord record;
  std::map<std::string, retention::LineState, std::less<>> states;  // by meeting
};

// The one list whose id is or begins with `prefix`. ErrorKind::Usage when there is none, or several.
Result<std::string> find_list(const catalog::Archive& archive, std::string_view prefix);

catalog::ListSummary summary_of(const ListView& view);
// All lists, by id. Those that are closed are told from the catalog, and only the files of the others are
// read. Damage as below.
Result<std::vector<catalog::ListSummary>> summarize_lists(const catalog::Archive& archive,
                                                          const catalog::Catalog& catalog, CivilDate today,
                                                          DamageLog& damage);

// These lists, in their order, and no other is read. Holds that cannot be read, or wait for somebody, are
// damage.
Result<std::vector<ListView>> view_lists(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                         const std::vector<std::string>& ids, CivilDate today,
                                         DamageLog& damage);

}  // namespace greffe::custody
