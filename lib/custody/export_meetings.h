// Meetings → a package that another system can check: a bag (RFC 8493) or a plain folder, each as it is or in
// a tar, whole or in parts (D10).
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "base/damage_log.h"
#include "base/progress.h"
#include "custody/export_register.h"
#include "custody/meeting_selection.h"
#include "package/bag_info.h"

namespace greffe::custody {

enum class PackageFormat : std::uint8_t { Bag, Folder };

struct ExportRequest {
  MeetingSelection selection;
  PackageFormat format = PackageFormat::Bag;
  bool tar = false;
  // Bags of at most so many bytes each, in a folder `target`.
  std::optional<std::uint64_t> max_part;
  Path target;
  std::string recipient, reason;
  package::BagInfo labels;        // of bag-info.txt, besides those that are computed
  std::optional<CivilDate> date;  // today, in the zone of the policy
  std::string tool_version;
};

struct ExportReport {
  ExportRecord record;
  bool was_there = false;  // a run that was killed had made it; this one completed the register
};

// Copies each meeting under its lock, every file held against the meeting's manifest; enters the export in
// the register, then gives the package its name. Meetings under a hold may be exported; the package names the
// hold. The same request of the same archive gives the same bytes. Until it is over, nothing of these
// meetings is disposed of (R13).
//
// Fails with ErrorKind::Integrity, all files named, where one is not what its manifest says, with
// ErrorKind::Failed where the target exists or the disk has no room; then nothing was written.
Result<ExportReport> export_meetings(const catalog::Archive& archive, const ExportRequest& request,
                                     const Acting& acting, DamageLog& damage, ProgressSink& progress);

}  // namespace greffe::custody
