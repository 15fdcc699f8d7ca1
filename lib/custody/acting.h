// On whose behalf something is done.
#pragma once

#include <chrono>
#include <span>

#include "catalog/archive.h"
#include "journal/entry.h"

namespace greffe::custody {

// Who acts, when, and how long they wait.
struct Acting {
  journal::Actor actor;
  WallTime now{};
  std::chrono::milliseconds lock_wait = std::chrono::seconds(30);
};

// Entries of the journal in that name, in their order; they are on the disk when it returns, so that the
// effects they tell may follow (A1).
Status append_to_journal(const catalog::Archive& archive, const Acting& acting, const journal::Event& event);
Status append_to_journal(const catalog::Archive& archive, const Acting& acting,
                         std::span<const journal::Event> events);
// The same of what was intended and is done now.
Status append_done(const catalog::Archive& archive, const Acting& acting, journal::Event event);
Status append_done(const catalog::Archive& archive, const Acting& acting, std::vector<journal::Event> events);

}  // namespace greffe::custody
