// Dumps of one meeting → a meeting folder, catalog rows and a journal line.
#pragma once

#include <chrono>
#include <optional>
#include <string>

#include "base/damage_log.h"
#include "base/progress.h"
#include "catalog/archive.h"
#include "custody/acting.h"
#include "intake/meeting_source.h"
#include "intake/source_files.h"
#include "timeline/meeting.h"

namespace greffe::flow {

struct IngestOptions {
  std::optional<WallTime> start;        // wins over the description's
  std::chrono::milliseconds settle{0};  // see SourceReading
  std::chrono::milliseconds lock_wait{30'000};
  journal::Actor actor;
  WallTime now{};
  unsigned jobs = 0;  // files read side by side; 0: as many as there are processors
};

inline custody::Acting acting_of(const IngestOptions& options) {
  return {options.actor, options.now, options.lock_wait};
}

inline intake::SourceReading reading_of(const IngestOptions& options) {
  return {options.now, options.settle, options.jobs};
}

struct Ingested {
  std::string id;
  bool already_there = false;  // the same dumps with the same description: nothing was done
  DamageLog damage;
};

// Atomic and idempotent: the folder appears whole or not at all, and a run after a kill completes what is
// missing. Fails with kind Damaged when the same dumps are there with another description or start, Failed
// when no track is left.
Result<Ingested> ingest(const catalog::Archive& archive, const intake::MeetingSource& source,
                        const IngestOptions& options, ProgressSink& progress);

// The same into a folder of its own, outside any archive: for plan and compose of a bare description.
Result<timeline::Meeting> ingest_privately(const intake::MeetingSource& source, const Path& folder,
                                           const IngestOptions& options, ProgressSink& progress,
                                           DamageLog& damage);

}  // namespace greffe::flow
