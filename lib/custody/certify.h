// What stays of a meeting that was destroyed, and the paper that tells of it (RETENTION D12, D13).
#pragma once

#include <span>
#include <string>
#include <vector>

#include "custody/disposal_run.h"
#include "custody/export_register.h"

namespace greffe::custody {

// What the tombstones of one list have in common.
struct ListToBury {
  const catalog::DisposalRecord& record;
  const std::string& sha512;              // of the list
  std::span<const ExportRecord> exports;  // all that are registered
};

// Of a line that is in the trash and about to go.
Result<catalog::Tombstone> make_tombstone(DisposalRun& run, const ListToBury& list,
                                          const catalog::ListLine& line);

// Writes a certificate over those tombstones of a list that are in none yet; its number, 0 where there is
// nothing to certify. `skipped` are lines that were to go and did not.
Result<std::int64_t> certify(DisposalRun& run, const std::string& list,
                             std::vector<catalog::SkippedLine> skipped);

}  // namespace greffe::custody
