#include "custody/meeting_selection.h"

#include <algorithm>

#include "catalog/meeting_matches.h"
#include "custody/saved_queries.h"

namespace greffe::custody {

Result<std::vector<std::string>> select_meetings(const catalog::Archive& archive,
                                                 const catalog::Catalog& catalog,
                                                 MeetingSelection selection) {
  const int ways =
      int{!selection.query.empty()} + int{!selection.condition.empty()} + int{!selection.meetings.empty()};
  if (ways != 1) return fail(ErrorKind::Usage, "which meetings? Give ids, or one --query, or one --where");
  if (selection.meetings.empty()) {
    GREFFE_TRY(const catalog::MeetingScope scope,
               scope_of(archive, std::move(selection.query), std::move(selection.condition)));
    return catalog::find_matches(catalog, scope);
  }
  std::vector<std::string> ids;
  for (const std::string& name : selection.meetings) {
    GREFFE_TRY(std::string id, archive.find_meeting(name));
    ids.push_back(std::move(id));
  }
  std::sort(ids.begin(), ids.end());
  ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
  return ids;
}

}  // namespace greffe::custody
