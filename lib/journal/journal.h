// The journal of an archive: append-only segments journal/YYYY-MM.jsonl, each line chained to the one before.
#pragma once

#include <chrono>
#include <optional>
#include <span>
#include <string>
#include <vector>

#include "journal/entry.h"

namespace greffe::journal {

// Where the chain stands.
struct Head {
  std::int64_t seq = 0;   // 0: the journal is empty
  fixity::Digest digest;  // of the last line; zeros when empty
  bool operator==(const Head&) const = default;
};

// Appends in the name of one actor. Processes may append at once: a lock on the folder orders them.
class Journal {
 public:
  // `folder` is ARCHIVE/journal and exists. `lock_wait` bounds the wait for other writers, then
  // ErrorKind::Busy.
  Journal(Path folder, Actor actor, std::chrono::milliseconds lock_wait);

  // Writes one entry and returns it when it is on the disk, so that the effect it tells may follow. An entry
  // goes to the segment of the month of `now`, or to the newest there is, whichever is later: a clock set
  // back breaks no order. After a failure the journal holds nothing new, or a torn line.
  //
  // A last line torn by a crash is cut off first, with a warning, and an entry "heal-journal" with the digest
  // of the bytes cut is written before the one asked for. A whole last line that is no entry fails with
  // ErrorKind::Integrity: nothing can be chained to it.
  Result<JournalEntry> append(const Event& event, WallTime now);
  // The same for several, in their order and brought to the disk at once. A crash may leave the first of
  // them.
  Status append(std::span<const Event> events, WallTime now);

 private:
  Result<std::vector<JournalEntry>> write(std::span<const Event> events, WallTime now);

  Path folder_;
  Actor actor_;
  std::chrono::milliseconds lock_wait_;
};

// Reads the entries in order, across segments. A torn last line of the newest segment is the end, not a
// failure.
class JournalReader {
 public:
  // Starts at the first entry whose seq is at least `first_seq`. A missing folder is an empty journal.
  static Result<JournalReader> open(const Path& folder, std::int64_t first_seq = 1);
  JournalReader(JournalReader&&) noexcept;
  ~JournalReader();

  // The next entry, or nullopt at the end. A line that is no entry fails with ErrorKind::Integrity and its
  // place.
  Result<std::optional<JournalEntry>> next();
  // The canonical bytes of the entry last returned, without newline.
  const std::string& line() const;
  // "2026-11.jsonl: line 3", of the entry last returned.
  std::string place() const;
  // Bytes of a torn last line, known at the end.
  std::size_t torn_bytes() const;

 private:
  struct Parts;
  explicit JournalReader(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// What a walk along the chain found.
struct ChainCheck {
  std::int64_t entries = 0;    // that hold, from the first
  Head head;                   // the last of them
  std::string reason;          // empty when all hold; "not-an-entry", "broken-sequence", "broken-chain"
  std::string place;           // of the first that does not hold
  std::size_t torn_bytes = 0;  // of a last line a crash has cut
  bool holds() const { return reason.empty(); }
};

// Checks every entry: canonical bytes, sequence, chain. Fails only if a file cannot be read.
Result<ChainCheck> check_chain(const Path& folder);

}  // namespace greffe::journal
