#include "custody/disposal_state.h"

#include <algorithm>

#include "base/folder.h"
#include "custody/policy_state.h"

namespace greffe::custody {
namespace fs = std::filesystem;

std::vector<retention::Coverage> coverages_for(const catalog::DisposalList& list,
                                               std::span<const catalog::CoveringHold> holds,
                                               const TimeZone& zone) {
  std::vector<retention::Coverage> coverages;
  for (const catalog::CoveringHold& hold : holds) {
    if (hold.id == UnknownHold) continue;
    coverages.push_back(
        {.terms = hold.terms, .since = zone.date_of(hold.since), .after_list = hold.since >= list.made});
  }
  return coverages;
}

retention::LineState state_of(const catalog::DisposalRecord& record, const catalog::ListLine& line,
                              std::span<const catalog::CoveringHold> holds, const TimeZone& zone,
                              CivilDate today) {
  retention::LineHistory history = record.history_of(line.meeting);
  history.held = retention::was_held(coverages_for(record.list, holds, zone), history.proposed, today);
  return retention::state_of(line.terms, history, today);
}

Result<OpenDisposals> OpenDisposals::read(const catalog::Archive& archive, const catalog::Catalog& catalog) {
  OpenDisposals open;
  GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
  if (ids.empty()) return open;
  GREFFE_TRY(const std::set<std::string> closed, catalog::closed_lists(catalog));
  for (const std::string& id : ids) {
    const Path folder = archive.disposals_folder() / id;
    std::error_code error;
    if (closed.contains(id) || fs::exists(folder / catalog::ClosedFile, error)) continue;
    GREFFE_TRY(catalog::DisposalRecord record, catalog::read_disposal(folder, catalog));
    for (std::size_t line = 0; line < record.list.lines.size(); ++line)
      open.by_meeting_[record.list.lines[line].meeting].push_back({open.lists_.size(), line});
    open.lists_.push_back(std::move(record));
  }
  return open;
}

retention::Progress OpenDisposals::progress_of(std::string_view meeting,
                                               std::span<const catalog::CoveringHold> holds,
                                               const TimeZone& zone, CivilDate day) const {
  retention::Progress farthest = retention::Progress::None;
  const auto places = by_meeting_.find(meeting);
  if (places == by_meeting_.end()) return farthest;
  for (const Place& place : places->second) {
    const catalog::DisposalRecord& record = lists_[place.list];
    if (record.list.day > day) continue;
    retention::Progress progress = retention::Progress::None;
    switch (state_of(record, record.list.lines[place.line], holds, zone, day)) {
      case retention::LineState::Proposed: progress = retention::Progress::Proposed; break;
      case retention::LineState::Approved: progress = retention::Progress::Approved; break;
      case retention::LineState::InGrace: progress = retention::Progress::InGrace; break;
      default: break;
    }
    farthest = std::max(farthest, progress);
  }
  return farthest;
}

Result<std::optional<catalog::EarlierLine>> OpenDisposals::newest_line(const catalog::Catalog& catalog,
                                                                       std::string_view meeting,
                                                                       const TimeZone& zone,
                                                                       CivilDate today) const {
  GREFFE_TRY(auto newest, catalog::find_earlier_line(catalog, meeting));
  const auto places = by_meeting_.find(meeting);
  if (places == by_meeting_.end()) return newest;
  GREFFE_TRY(const auto holds, catalog::coverages_of(catalog, meeting));
  for (const Place& place : places->second) {
    const catalog::DisposalRecord& record = lists_[place.list];
    if (newest && record.list.made < newest->made) continue;
    const catalog::ListLine& line = record.list.lines[place.line];
    retention::LineHistory history = record.history_of(meeting);
    history.held = retention::was_held(coverages_for(record.list, holds, zone), history.proposed, today);
    newest = {.list = record.list.id,
              .made = record.list.made,
              .state = retention::state_of(line.terms, history, today),
              .again_from = retention::proposable_again(line.terms, history, today)};
  }
  return newest;
}

Result<bool> is_destroyed(const catalog::Archive& archive, std::string_view meeting) {
  std::error_code unknown;  // what cannot be looked at may be there
  if (fs::exists(archive.meeting_folder(meeting), unknown) || unknown) return false;
  GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
  const std::string name = catalog::tombstone_file(meeting);
  return std::any_of(ids.begin(), ids.end(), [&](const std::string& id) {
    std::error_code error;
    return fs::exists(archive.disposals_folder() / id / name, error);
  });
}

Result<std::set<std::string>> destroyed_meetings(const catalog::Archive& archive) {
  GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
  std::set<std::string> meetings;
  for (const std::string& id : ids) {
    GREFFE_TRY(const auto entries, list_folder_if_any(archive.disposals_folder() / id / "lines"));
    for (const auto& [name, kind] : entries) {
      const std::string meeting = name.substr(0, name.find('.'));
      if (catalog::is_meeting_id(meeting) && "lines/" + name == catalog::tombstone_file(meeting) &&
          !fs::exists(archive.meeting_folder(meeting)))
        meetings.insert(meeting);
    }
  }
  return meetings;
}

}  // namespace greffe::custody
