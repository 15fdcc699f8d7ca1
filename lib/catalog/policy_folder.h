// The files of policy/: versions, activations, locks and events, one JSON document each, written once.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "fixity/digest.h"
#include "retention/event.h"
#include "retention/policy.h"
#include "units/time.h"

namespace greffe::catalog {

// Whose decision it was, as the journal has it.
struct DecidedBy {
  std::int64_t uid = 0;
  std::string sudo_user;  // empty without sudo
  bool operator==(const DecidedBy&) const = default;
};

// policy/rules-N.json
struct PolicyRecord {
  retention::Policy policy;
  fixity::Digest digest;  // of the file
};

// policy/activation-K.json
struct ActivationRecord {
  retention::Activation activation;
  WallTime decided{};
  std::string reason;
  DecidedBy by;
  fixity::Digest diff;     // of what was shown to whoever decided
  std::string clock_jump;  // why the clock was believed all the same, empty where it was not in doubt
};

// policy/lock-N.json
struct LockRecord {
  std::int64_t version = 0;
  WallTime decided{};
  std::string reason;
  DecidedBy by;
};

// What an event moves, with the rules in force on the day it was recorded (E2): meetings whose day of
// destruction is earlier or later for it.
struct EventResult {
  std::int64_t sooner = 0;
  std::int64_t later = 0;
  std::optional<CivilDate> earliest;  // new day of those that are sooner
};

// policy/event-N.json
struct EventRecord {
  retention::Event event;
  std::vector<std::string> meetings;  // ids, in order
  std::string query;                  // that found them; empty where they were named
  std::string evidence;               // where it can be read that it happened
  WallTime recorded{};
  DecidedBy by;
  EventResult result;
};

// "rules-3.json", …
std::string rules_file(std::int64_t version);
std::string activation_file(std::int64_t number);
std::string lock_file(std::int64_t version);
std::string event_file(std::int64_t number);

std::string text_of(const ActivationRecord& record);
std::string text_of(const LockRecord& record);
std::string text_of(const EventRecord& record);

struct PolicyRecords {
  std::vector<PolicyRecord> policies;         // version n is the nth
  std::vector<ActivationRecord> activations;  // in order
  std::vector<LockRecord> locks;              // by version
  std::vector<retention::Policy> plain_policies() const;
  std::vector<retention::Activation> plain_activations() const;
};

// All but the events. A missing folder is an empty policy. A hole in the numbers, or a file that is not what
// its name says, fails with ErrorKind::Integrity.
Result<PolicyRecords> read_policy_records(const Path& folder);

// How many events there are: they have the numbers from 1. Integrity where one is missing.
Result<std::int64_t> count_events(const Path& folder);
Result<EventRecord> read_event(const Path& folder, std::int64_t number);

}  // namespace greffe::catalog
