// greffe-probe --missing: what of meetings is missing, against what an operator puts up with.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"

namespace greffe::probe_tool {

// What the command line says. Limits are for each track.
struct MissingOptions {
  std::vector<std::string> meetings;
  std::string archive;
  bool json = false;
  std::optional<std::string> png;
  std::optional<std::string> max_loss;  // percent
  std::optional<std::string> max_concealment, max_silence, max_freeze, max_late_key_frame, max_stall;

  bool draws_or_limits() const {
    return png || max_loss || max_concealment || max_silence || max_freeze || max_late_key_frame || max_stall;
  }
};

// The exit code: 4 when a limit is exceeded, 3 when something is missing and no limit was given.
Result<int> show_missing(const MissingOptions& options, ProgressSink& progress);

}  // namespace greffe::probe_tool
