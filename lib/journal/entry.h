// One line of the journal: who did what, when, to which files. Ids and digests only, no personal data
// (RETENTION A1).
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fixity/digest.h"
#include "json/value.h"
#include "units/time.h"

namespace greffe::journal {

// Who acts. The login counts: with sudo, SUDO_USER is the person and uid is the account borrowed.
struct Actor {
  std::int64_t uid = 0;
  std::string sudo_user;  // empty without sudo
  std::string host;
  fixity::Digest argv;  // of the command line, see digest_of_arguments
  bool operator==(const Actor&) const = default;
};

// The user, host and command line of this process.
Actor actor_of_process(int argc, const char* const* argv);
// The name of the account that counts: SUDO_USER's, else that of uid, else "uid 1000".
std::string login_of(const Actor& actor);
// SHA-256 over the arguments, each followed by a zero byte: shows later that a command was this one, without
// keeping the titles and names in it.
fixity::Digest digest_of_arguments(int argc, const char* const* argv);

// A file that an event makes (no `before`), changes or removes (no `after`).
struct FileChange {
  std::string file;  // relative to the archive; a name that may hold a person's name is left to the manifest
  std::optional<fixity::Digest> before;
  std::optional<fixity::Digest> after;
  bool operator==(const FileChange&) const = default;
};

// What is to be journaled.
struct Event {
  std::string action;                 // "create", "ingest", "edit", "compose", …
  std::vector<std::string> subjects;  // ids of meetings, of the archive, later of holds and rules
  std::vector<FileChange> files;
  std::string outcome = "done";  // "intended" before an effect, then "done" or "failed"
  std::string policy_version;    // empty where no policy took part
  bool operator==(const Event&) const = default;
};

struct JournalEntry {
  std::int64_t seq = 0;  // from 1, without holes, across all segments
  WallTime utc{};        // milliseconds are kept
  Actor actor;
  Event event;
  fixity::Digest prev;  // SHA-256 of the line before, without its newline; zeros in the first
  bool operator==(const JournalEntry&) const = default;
};

// An entry as RFC 8785 has it: one line, no newline.
std::string canonical_line(const JournalEntry& entry);
// Refuses what is not an entry, or is one in other than its canonical bytes.
Result<JournalEntry> entry_of_line(std::string_view line);

constexpr std::size_t LargestLine = 1u << 20;

}  // namespace greffe::journal
