#include "custody/line_check.h"

#include "catalog/holds.h"
#include "custody/disposal_state.h"
#include "fixity/manifest.h"

namespace greffe::custody {
namespace {

LineCheck stays(std::string code, std::string why = {}) {
  return {.code = std::move(code), .why = std::move(why), .goes = false};
}

// What the state alone says; nullopt where the rules have a word.
std::optional<LineCheck> by_state(retention::LineState state, DisposalStep step) {
  using enum retention::LineState;
  switch (state) {
    case Proposed: return stays("NO_APPROVAL");
    case Refused: return stays("REFUSED");
    case Deferred: return stays("DEFERRED");
    case Expired: return stays("APPROVAL_EXPIRED");
    case Cancelled: return stays("CANCELLED_BY_HOLD", "a hold has covered it since; propose it again");
    case Restored: return stays("RESTORED");
    case DestroyedElsewhere: return stays("DESTROYED_ELSEWHERE");
    case Destroyed: return stays("DESTROYED");
    case Approved: return step == DisposalStep::Trash ? std::nullopt : std::optional(stays("APPROVED"));
    case InGrace: break;
  }
  return step == DisposalStep::Purge ? std::nullopt : std::optional(stays("IN_GRACE"));
}

// What the rules say; nullopt where it may go.
std::optional<LineCheck> by_rules(const LineDecision& decided, CivilDate today) {
  const retention::Decision& decision = decided.decision;
  if (const auto obstacle = decision.obstacle())
    return stays(std::string(retention::name_of(*obstacle)),
                 obstacle == retention::Code::ExportOpen
                     ? "a package of it is being made"
                     : fmt::format("{}", fmt::join(decision.holds, ", ")));
  if (decision.destroyable(today)) return std::nullopt;
  for (const retention::RuleEffect& effect : decision.rules)
    if (effect.in_doubt) return stays("IN_DOUBT", "rule " + effect.rule);
  if (decision.propose_from && *decision.propose_from > today)
    return stays("NOTICE", "not before " + text_of(*decision.propose_from));
  return stays("NOT_DUE");
}

// What is not as it was when the list was frozen; empty where nothing is.
Result<std::string> changes_of(DisposalRun& run, const catalog::ListLine& line, const LineDecision& decided) {
  GREFFE_TRY(const auto rows, catalog::manifest_of(run.catalog(), line.meeting));
  if (!rows || *rows != line.manifest) return std::string("its files are not those of the list");
  const Path manifest = run.archive().place_of(line.meeting) / fixity::ManifestName;
  const auto there = fixity::digest_of_file(manifest);
  if (!there && there.error().kind() == ErrorKind::Interrupted) return tl::unexpected(there.error());
  if (!there || there->digest != line.manifest) return std::string("its folder is not that of the list");
  if (decided.rule != line.rule) return fmt::format("rule {} decides now", decided.rule);
  if (decided.decision.keep_until != line.keep_until || decided.decision.due_from != line.due_from)
    return std::string("its dates are others by now");
  return std::string();
}

}  // namespace

Result<LineCheck> check_line(DisposalRun& run, const catalog::DisposalRecord& record,
                             const catalog::ListLine& line, const std::optional<LineDecision>& decided,
                             DisposalStep step) {
  GREFFE_TRY(const auto holds, catalog::coverages_of(run.catalog(), line.meeting));
  if (auto check = by_state(state_of(record, line, holds, run.zone(), run.today()), step)) {
    const auto elsewhere = record.destroyed_elsewhere.find(line.meeting);
    if (check->code == "DESTROYED_ELSEWHERE") check->why = "through " + elsewhere->second;
    return *check;
  }
  std::error_code error;
  const Path folder = step == DisposalStep::Purge ? run.archive().trash_folder(line.meeting)
                                                  : run.archive().meeting_folder(line.meeting);
  if (!std::filesystem::exists(folder, error)) return stays("MISSING_FOLDER", "no folder of it is there");
  if (!decided) return stays("CHANGED", "it has no rows in the catalog");
  if (step == DisposalStep::Purge) {
    const CivilDate from = record.done.find(line.meeting)->second.trashed->purge_from;
    if (run.today() < from) return stays("IN_GRACE", "until " + text_of(days_after(from, -1)));
  }
  if (const auto check = by_rules(*decided, run.today())) return *check;
  const auto changes = changes_of(run, line, *decided);
  if (!changes) return tl::unexpected(changes.error());
  if (!changes->empty()) return stays("CHANGED", *changes);
  return LineCheck{.code = step == DisposalStep::Trash ? "TO_TRASH" : "TO_PURGE", .why = {}, .goes = true};
}

}  // namespace greffe::custody
