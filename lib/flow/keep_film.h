// A rendered film → a film that the archive answers for.
#pragma once

#include <chrono>

#include "base/damage_log.h"
#include "catalog/archive.h"
#include "flow/compose.h"
#include "journal/entry.h"

namespace greffe::flow {

struct KeepOptions {
  journal::Actor actor;
  WallTime now{};
  std::chrono::milliseconds lock_wait{30'000};
};

// Publishes a film in renders/ of a meeting of `archive`: under the meeting's lock it gives the files their
// names, enters them in the manifest and the journal and makes the catalog's rows. The same film again
// changes nothing but the journal. A run after a kill completes what is missing.
Result<Composed> keep_film(const catalog::Archive& archive, const MeetingFolder& folder, RenderedFilm film,
                           const KeepOptions& options, DamageLog& damage);

}  // namespace greffe::flow
