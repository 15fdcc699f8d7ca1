// Lists of which something can still come, as their files tell, and how far each of their lines is.
#pragma once

#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "catalog/archive.h"
#include "catalog/disposal_rows.h"
#include "retention/decision.h"
#include "units/time_zone.h"

namespace greffe::custody {

// Holds as the state of a line counts them: without those of which only the existence is known.
std::vector<retention::Coverage> coverages_for(const catalog::DisposalList& list,
                                               std::span<const catalog::CoveringHold> holds,
                                               const TimeZone& zone);

// A line today. `holds` are all that have covered its meeting; the record knows what was destroyed elsewhere.
retention::LineState state_of(const catalog::DisposalRecord& record, const catalog::ListLine& line,
                              std::span<const catalog::CoveringHold> holds, const TimeZone& zone,
                              CivilDate today);

class OpenDisposals {
 public:
  // Lists that the catalog knows as closed are not read. Fails with ErrorKind::Integrity for one that cannot
  // be read.
  static Result<OpenDisposals> read(const catalog::Archive& archive, const catalog::Catalog& catalog);

  const std::vector<catalog::DisposalRecord>& lists() const { return lists_; }
  bool has(std::string_view meeting) const { return by_meeting_.contains(meeting); }
  // How far the meeting is on that day: the farthest of its lines.
  retention::Progress progress_of(std::string_view meeting, std::span<const catalog::CoveringHold> holds,
                                  const TimeZone& zone, CivilDate day) const;
  // What the newest list that has the meeting says of it today, open or closed; nullopt where none has it.
  Result<std::optional<catalog::EarlierLine>> newest_line(const catalog::Catalog& catalog,
                                                          std::string_view meeting, const TimeZone& zone,
                                                          CivilDate today) const;

 private:
  struct Place {
    std::size_t list = 0, line = 0;
  };
  std::vector<catalog::DisposalRecord> lists_;
  std::map<std::string, std::vector<Place>, std::less<>> by_meeting_;
};

// Whether a tombstone says so, and it was not taken in again. Looks at files only.
Result<bool> is_destroyed(const catalog::Archive& archive, std::string_view meeting);
// All meetings of which one does.
Result<std::set<std::string>> destroyed_meetings(const catalog::Archive& archive);

}  // namespace greffe::custody
