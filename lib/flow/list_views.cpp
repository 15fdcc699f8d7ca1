#include "flow/list_views.h"

#include <algorithm>
#include <set>

#include "flow/disposal_state.h"
#include "flow/policy_state.h"

namespace greffe::flow {
namespace {

// More are found on one way through all meetings.
constexpr std::size_t LookedUpOneByOne = 64;

using HoldsByMeeting = std::map<std::string, std::vector<catalog::CoveringHold>>;

class HoldsOf {
 public:
  HoldsOf(const catalog::Catalog& catalog, const FactsMaker& maker) : catalog_(catalog), maker_(maker) {}

  Result<HoldsByMeeting> find(const std::set<std::string>& meetings) {
    if (meetings.size() > LookedUpOneByOne) {
      GREFFE_CHECK(take({}, meetings));
    } else {
      for (const std::string& meeting : meetings) GREFFE_CHECK(take(meeting, meetings));
    }
    return std::move(holds_);
  }

 private:
  Status take(const std::optional<std::string>& only, const std::set<std::string>& meetings) {
    GREFFE_TRY(catalog::RetentionRows rows, catalog::RetentionRows::open(catalog_, only));
    while (true) {
      GREFFE_TRY(const catalog::RetentionRow* row, rows.next());
      if (row == nullptr) return {};
      if (meetings.contains(row->meeting)) holds_[row->meeting] = maker_.holds_on(*row);
    }
  }

  const catalog::Catalog& catalog_;
  const FactsMaker& maker_;
  HoldsByMeeting holds_;
};

}  // namespace

std::int64_t ListView::count(retention::LineState state) const {
  return std::count_if(states.begin(), states.end(), [&](const auto& line) { return line.second == state; });
}

Result<std::string> find_list(const catalog::Archive& archive, std::string_view prefix) {
  GREFFE_TRY(const std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
  std::vector<std::string> found;
  for (const std::string& id : ids)
    if (!prefix.empty() && id.starts_with(prefix)) found.push_back(id);
  if (found.empty()) return fail(ErrorKind::Usage, "{}: no such list", prefix);
  if (found.size() > 1)
    return fail(ErrorKind::Usage, "{}: {} lists begin so, among them {} and {}", prefix, found.size(),
                found[0], found[1]);
  return found.front();
}

Result<std::vector<ListView>> view_lists(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                         const std::vector<std::string>& ids, CivilDate today,
                                         DamageLog& damage) {
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  GREFFE_TRY(const PolicyState state, read_policy_state(archive, catalog));
  GREFFE_TRY(const FactsMaker maker, FactsMaker::make(catalog, zone, state));
  damage.add_all(state.damage);
  std::vector<ListView> views;
  std::set<std::string> meetings;
  for (const std::string& id : ids) {
    GREFFE_TRY(catalog::DisposalRecord record, catalog::read_disposal(archive.disposals_folder() / id));
    for (const catalog::ListLine& line : record.list.lines) meetings.insert(line.meeting);
    views.push_back({std::move(record), {}});
  }
  GREFFE_TRY(const HoldsByMeeting holds, HoldsOf(catalog, maker).find(meetings));
  for (ListView& view : views)
    for (const catalog::ListLine& line : view.record.list.lines) {
      const auto found = holds.find(line.meeting);
      const std::vector<catalog::CoveringHold> none;
      view.states[line.meeting] =
          state_of(view.record, line, found != holds.end() ? found->second : none, zone, today);
    }
  return views;
}

}  // namespace greffe::flow
