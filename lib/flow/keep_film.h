// A rendered film → a film that the archive answers for.
#pragma once

#include <chrono>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "film/compose.h"
#include "journal/entry.h"

namespace greffe::flow {

struct KeepOptions {
  journal::Actor actor;
  WallTime now{};
  std::chrono::milliseconds lock_wait{30'000};
};

// Where a film of the archive is rendered (ComposeOptions::unpublished): on its file system, and not in the
// meeting's folder, which holds nothing that its manifest does not name.
Path unpublished_film(const catalog::Archive& archive, const timeline::MeetingFolder& folder);

// Puts a film and its papers into renders/ of a meeting of `archive`, under the meeting's lock: folder and
// manifest change in one step, with lines in the journal before and after, then the catalog's rows. What was
// there of the same names is replaced. A run after a kill completes what is missing.
Result<film::Composed> keep_film(const catalog::Archive& archive, const timeline::MeetingFolder& folder,
                                 film::RenderedFilm film, const KeepOptions& options, DamageLog& damage);

}  // namespace greffe::flow
