// "These meetings", as people name them: ids, a query, or a condition.
#pragma once

#include <string>
#include <vector>

#include "catalog/archive.h"
#include "catalog/catalog.h"

namespace greffe::custody {

// Exactly one of the three, as greffe-hold takes them.
struct MeetingSelection {
  std::string query;                  // as MeetingQuery takes it, or "@NAME" of a saved one
  std::string condition;              // SQL over v_meetings
  std::vector<std::string> meetings;  // ids or unique beginnings
};

// Ids in order, each once. ErrorKind::Usage for what is no selection, or does not compile; finding none is no
// failure.
Result<std::vector<std::string>> select_meetings(const catalog::Archive& archive,
                                                 const catalog::Catalog& catalog, MeetingSelection selection);

}  // namespace greffe::custody
