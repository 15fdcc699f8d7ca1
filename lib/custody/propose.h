// Proposes what is due: a list of disposal, frozen (RETENTION D1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "catalog/disposal_files.h"
#include "custody/acting.h"

namespace greffe::custody {

// Which of the meetings that may be proposed. At least one of the first five is given; all that are given
// must hold.
struct ProposalOrder {
  bool all = false;
  std::string record_class;
  std::string rule;  // id, the one that lets go
  std::string query;
  std::vector<std::string> meetings;  // ids, or beginnings of ids: also what was refused before
  std::string note;
  std::string clock_jump;                 // why the clock is right, empty where that is not in doubt
  std::optional<std::int64_t> max_items;  // more are refused
  std::optional<std::int64_t> max_bytes;
  // The private key of who proposes: its public half stands in the list, and no visa with it counts (D2).
  std::optional<Path> key_file;
  bool dry_run = false;
};

struct Proposed {
  catalog::DisposalList list;  // without an id where there is nothing to propose, or in a dry run
  bool is_new = true;          // false: made before today, for the same scope
  // Of those named: why they are not in it.
  std::vector<catalog::SkippedLine> left_out;
  // What is due and not named, and what a list says against it: REFUSED, DEFERRED, CANCELLED_BY_HOLD.
  std::vector<catalog::SkippedLine> passed_over;
  DamageLog damage;
};

// Decides every meeting as of now and freezes those that may be destroyed today and are in no other open
// list. What a visa refused in the newest list that has it, open or closed, comes again only by name, what it
// deferred from its day on. ErrorKind::Refused: a clock not to be believed (T6), more than max_items or
// max_bytes.
Result<Proposed> propose(const catalog::Archive& archive, const ProposalOrder& order, const Acting& acting);

}  // namespace greffe::custody
