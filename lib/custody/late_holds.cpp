#include "custody/late_holds.h"

#include <algorithm>

#include "catalog/holds.h"
#include "custody/hold_files.h"
#include "custody/holds.h"

namespace greffe::custody {
namespace {

// Of a hold that nobody can read: it binds.
constexpr retention::HoldTerms Unknown{.start = std::chrono::year(1) / 1 / 1};

bool blocks_disposal(const catalog::HoldRow& hold) {
  return hold.blocks.find("dispose") != std::string::npos;
}

bool has(const std::vector<catalog::CoveringHold>& holds, const std::string& id) {
  return std::any_of(holds.begin(), holds.end(), [&](const auto& hold) { return hold.id == id; });
}

}  // namespace

Result<LateHolds> LateHolds::read(const catalog::Archive& archive, const catalog::Catalog& catalog,
                                  DamageLog& damage) {
  LateHolds holds;
  GREFFE_TRY(const auto rows, catalog::all_holds(catalog));
  std::map<std::string, const catalog::HoldRow*> known;
  for (const catalog::HoldRow& row : rows) {
    known.emplace(row.id, &row);
    holds.all_.emplace(row.id, terms_of(row));
  }
  GREFFE_TRY(const auto ids, stored_holds(archive));
  for (const std::string& id : ids) {
    const auto row = known.find(id);
    if (row != known.end() && !has_more(archive, *row->second)) continue;
    const auto stored = read_stored_hold(archive, id, row == known.end() ? 0 : row->second->batches);
    if (!stored) {
      damage.add({.condition = "hold-unreadable",
                  .place = id,
                  .unit = "holds",
                  .text = stored.error().message() + ": counted as covering every meeting"});
      holds.unreadable_.push_back(id);
      continue;
    }
    holds.all_.insert_or_assign(id, terms_of(stored->hold));
    if (!blocks_disposal(stored->hold)) continue;
    holds.late_.emplace(id, terms_of(stored->hold));
    for (const catalog::HoldMemberRow& member : stored->members)
      holds.by_meeting_[member.meeting].emplace(id, parse_rfc3339(member.since_utc).value_or(WallTime{}));
  }
  return holds;
}

std::vector<catalog::CoveringHold> LateHolds::with(const catalog::RetentionRow& row) const {
  std::vector<catalog::CoveringHold> holds = row.holds;
  if (late_.empty() && unreadable_.empty()) return holds;
  for (catalog::CoveringHold& hold : holds)
    if (const auto late = late_.find(hold.id); late != late_.end()) hold.terms = late->second;
  if (const auto more = by_meeting_.find(row.meeting); more != by_meeting_.end())
    for (const auto& [id, since] : more->second)
      if (!has(holds, id)) holds.push_back({.id = id, .terms = late_.at(id), .since = since});
  for (const std::string& id : unreadable_)
    if (!has(holds, id)) holds.push_back({.id = id, .terms = Unknown});
  std::sort(holds.begin(), holds.end(), [](const auto& a, const auto& b) { return a.id < b.id; });
  return holds;
}

void LateHolds::tell_overdue(CivilDate as_of, DamageLog& damage) const {
  for (const auto& [id, terms] : all_) custody::tell_overdue(id, terms, as_of, damage);
}

void tell_overdue(const std::string& hold, const retention::HoldTerms& terms, CivilDate as_of,
                  DamageLog& damage) {
  const auto add = [&](std::string_view condition, std::string text) {
    damage.add({.condition = condition, .place = hold, .unit = "holds", .text = std::move(text)});
  };
  if (retention::state_of(terms, as_of) == retention::HoldState::ExpiredUnreviewed)
    add("hold-end-passed", fmt::format("its end, {}, has passed; it still binds", text_of(*terms.end)));
  else if (retention::needs_review(terms, as_of))
    add("hold-review-passed",
        fmt::format("was to be reviewed on {}; it still binds", text_of(*terms.review_on)));
}

}  // namespace greffe::custody
