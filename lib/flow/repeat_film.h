// A film made once more by what its receipt says, and held against the first (DESIGN 6).
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "base/progress.h"
#include "film/compare_pictures.h"
#include "journal/finding.h"

namespace greffe::flow {

struct RepeatOptions {
  std::optional<Path> folder;  // the meeting folder; else the one above the receipt's
  std::optional<Path> logo;    // of a film that has one, or it fails: receipts have its digest only
  unsigned jobs = 0;
  std::string tool_version;
};

struct Repetition {
  Path film;
  // "film-changed", "input-changed", "input-missing": what is there is not what the receipt names. Nothing is
  // made of other inputs.
  std::vector<journal::Finding> findings;
  // "libvpx v1.12.0, now v1.13.0": then other bytes prove nothing.
  std::vector<std::string> other_versions;
  bool repeated = false;
  bool same = false;  // the bytes of both, or of the new film and the one that the receipt was written for
  // Of films that are not the same, when versions are others and the first is what the receipt names.
  std::optional<film::PictureDistance> distance;
};

// Renders into a private folder, which is removed. Fails when the receipt is none or wants what is not there.
Result<Repetition> repeat_film(const Path& receipt, const RepeatOptions& options, ProgressSink& progress,
                               DamageLog& damage);

}  // namespace greffe::flow
