// Whether a line of a list may go now: what its list, its visas, holds and rules say, in one code (RETENTION
// D4).
#pragma once

#include <optional>
#include <string>

#include "custody/disposal_run.h"
#include "retention/decision.h"

namespace greffe::custody {

enum class DisposalStep : std::uint8_t { Trash, Purge };

struct LineCheck {
  std::string code;
  std::string why;
  bool goes = false;
};

// What the rules say of a meeting today.
struct LineDecision {
  retention::Decision decision;
  std::string rule;
};

// `decided`: nullopt where the meeting has no rows.
Result<LineCheck> check_line(DisposalRun& run, const catalog::DisposalRecord& record,
                             const catalog::ListLine& line, const std::optional<LineDecision>& decided,
                             DisposalStep step);

}  // namespace greffe::custody
