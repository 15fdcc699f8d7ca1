#include "custody/list_views.h"

#include <algorithm>
#include <set>

#include "custody/disposal_state.h"
#include "custody/policy_state.h"

namespace greffe::custody {
namespace {

// More are found on one way through all meetings.
constexpr std::size_t LookedUpOneByOne = 64;

using States = decltype(ListView::states);
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

States outcomes_of(const catalog::ClosedList& closed) {
  States states;
  for (const auto& [meeting, ended] : closed.lines) states[meeting] = ended.state;
  return states;
}

}  // namespace

catalog::ListSummary summary_of(const ListView& view) {
  const catalog::DisposalRecord& record = view.record;
  const catalog::DisposalList& list = record.list;
  catalog::ListSummary summary{.id = list.id,
                               .day = text_of(list.day),
                               .by = list.by.login,
                               .scope = list.scope,
                               .sha512 = list.digest(),
                               .meetings = static_cast<std::int64_t>(list.lines.size()),
                               .bytes = list.bytes(),
                               .visas = static_cast<std::int64_t>(record.visas.size()),
                               .certificates = static_cast<std::int64_t>(record.certificates.size()),
                               .states = {}};
  for (const auto& [meeting, state] : view.states) ++summary.states[state];
  return summary;
}

Result<std::vector<catalog::ListSummary>> summarize_lists(const catalog::Archive& archive,
                                                          const catalog::Catalog& catalog, CivilDate today,
                                                          DamageLog& damage) {
  GREFFE_TRY(std::vector<std::string> ids, catalog::lists_in(archive.disposals_folder()));
  GREFFE_TRY(const auto closed, catalog::closed_summaries(catalog));
  std::vector<catalog::ListSummary> summaries;
  for (const auto& [id, list] : closed) {
    // One that is gone is for greffe-verify catalog to tell.
    if (std::binary_search(ids.begin(), ids.end(), id)) summaries.push_back(list);
  }
  std::erase_if(ids, [&](const std::string& id) { return closed.contains(id); });
  GREFFE_TRY(const auto views, view_lists(archive, catalog, ids, today, damage));
  for (const ListView& view : views) summaries.push_back(summary_of(view));
  std::sort(summaries.begin(), summaries.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return summaries;
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
  GREFFE_TRY(const PolicyState state,
             read_policy_state(archive, catalog, Disposals::Ignore, OpenExports::Ignore));
  GREFFE_TRY(const FactsMaker maker, FactsMaker::make(catalog, zone, state));
  damage.add_all(state.damage);
  std::vector<ListView> views;
  std::set<std::string> meetings;
  for (const std::string& id : ids) {
    GREFFE_TRY(catalog::DisposalRecord record,
               catalog::read_disposal(archive.disposals_folder() / id, catalog));
    for (const catalog::ListLine& line : record.list.lines) meetings.insert(line.meeting);
    views.push_back({std::move(record), {}});
  }
  GREFFE_TRY(const HoldsByMeeting holds, HoldsOf(catalog, maker).find(meetings));
  for (ListView& view : views) {
    // What came of a closed list stays what it was.
    GREFFE_TRY(const auto closed, catalog::read_closed(archive.disposals_folder() / view.record.list.id));
    if (closed) view.states = outcomes_of(*closed);
    for (const catalog::ListLine& line : view.record.list.lines) {
      const auto found = holds.find(line.meeting);
      const std::vector<catalog::CoveringHold> none;
      if (!view.states.contains(line.meeting))
        view.states[line.meeting] =
            state_of(view.record, line, found != holds.end() ? found->second : none, zone, today);
    }
  }
  return views;
}

}  // namespace greffe::custody
