#include "custody/plan_keeper.h"

namespace greffe::custody {
namespace {

std::string day_or_none(const std::optional<CivilDate>& day) { return day ? text_of(*day) : std::string(); }

}  // namespace

std::uint32_t PlanKeeper::number_of(std::string text) {
  const auto [found, is_new] = numbers_.try_emplace(text, static_cast<std::uint32_t>(texts_.size()));
  if (is_new) texts_.push_back(std::move(text));
  return found->second;
}

void PlanKeeper::add(const PlannedMeeting& planned) {
  const retention::Decision& decision = planned.decision;
  Kept kept{.meeting = planned.meeting,
            .code = decision.code,
            .keep_until = decision.keep_until,
            .due_from = decision.due_from,
            .propose_from = decision.propose_from,
            .action = decision.action,
            .rule = number_of(planned.rule),
            .waits_for = number_of(fmt::format("{}", fmt::join(planned.waits_for, ","))),
            .in_doubt = number_of(fmt::format("{}", fmt::join(planned.in_doubt, ",")))};
  for (const retention::Code code : decision.codes) kept.codes |= 1u << static_cast<unsigned>(code);
  kept_.push_back(std::move(kept));
}

catalog::PlanRow PlanKeeper::row_of(const Kept& kept) const {
  catalog::PlanRow row{.meeting = kept.meeting,
                       .code = std::string(retention::name_of(kept.code)),
                       .codes = {},
                       .keep_until = day_or_none(kept.keep_until),
                       .due_from = day_or_none(kept.due_from),
                       .propose_from = day_or_none(kept.propose_from),
                       .final_action = kept.action ? std::string(retention::name_of(*kept.action)) : "",
                       .rule = texts_[kept.rule],
                       .waits_for = texts_[kept.waits_for],
                       .in_doubt = texts_[kept.in_doubt]};
  for (unsigned code = 0; code <= static_cast<unsigned>(retention::Code::Due); ++code)
    if (kept.codes & (1u << code)) {
      if (!row.codes.empty()) row.codes += ',';
      row.codes += retention::name_of(static_cast<retention::Code>(code));
    }
  return row;
}

Status PlanKeeper::save(const catalog::Archive& archive, const catalog::SavedPlan& plan,
                        std::chrono::milliseconds lock_wait) const {
  GREFFE_TRY(const catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = lock_wait}));
  std::size_t at = 0;
  return catalog::save_plan(catalog, plan, [&](catalog::PlanRow& row) {
    if (at == kept_.size()) return false;
    row = row_of(kept_[at++]);
    return true;
  });
}

}  // namespace greffe::custody
