// On whose behalf something is done.
#pragma once

#include <chrono>

#include "journal/entry.h"

namespace greffe::flow {

// Who acts, when, and how long they wait.
struct Acting {
  journal::Actor actor;
  WallTime now{};
  std::chrono::milliseconds lock_wait = std::chrono::seconds(30);
};

}  // namespace greffe::flow
