// Lists of disposal as people look at them: with the state of each line today.
#pragma once

#include <map>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "catalog/disposal_files.h"
#include "units/civil_date.h"

namespace greffe::flow {

struct ListView {
  catalog::DisposalRecord record;
  std::map<std::string, retention::LineState, std::less<>> states;  // by meeting
  std::int64_t count(retention::LineState state) const;
};

// The one list whose id is or begins with `prefix`. ErrorKind::Usage when there is none, or several.
Result<std::string> find_list(const catalog::Archive& archive, std::string_view prefix);

// These lists, in their order. Holds that cannot be read, or wait for somebody, are damage.
Result<std::vector<ListView>> view_lists(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                         const std::vector<std::string>& ids, CivilDate today,
                                         DamageLog& damage);

}  // namespace greffe::flow
