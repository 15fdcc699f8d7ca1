#include "journal/check_journal.h"

#include <algorithm>
#include <map>
#include <set>

#include "base/progress.h"
#include "journal/chain_walk.h"
#include "journal/checkpoint_folder.h"
#include "journal/segment.h"
#include "journal/time_tokens.h"

namespace greffe::journal {
namespace {

// In canonical JSON this stands in a line whose action begins so, and nowhere else: within text the quotes
// would be escaped.
bool tells_of_keys_or_tokens(std::string_view line) {
  return line.find("\"action\":\"key-") != std::string_view::npos ||
         line.find("\"action\":\"time-stamp\"") != std::string_view::npos;
}

class Checker {
 public:
  Checker(const JournalPlaces& places, const JournalTrust& trust, const LineSeen& seen)
      : places_(places), trust_(trust), seen_(seen) {}

  Result<JournalCheck> run() {
    // Checkpoints first: the journal only grows, so that none can be beyond it because of a program that
    // writes meanwhile.
    GREFFE_TRY(files_, checkpoints_in(places_.checkpoints()));
    want_roots();
    GREFFE_CHECK(walk());
    // Keys and tokens last, for the same reason: they are there before the entries that name them.
    GREFFE_TRY(const std::vector<TokenFile> tokens, tokens_in(places_.checkpoints()));
    check_heads();
    check_checkpoints();
    check_presence();
    check_age();
    GREFFE_CHECK(check_tokens({tokens, files_, named_, trust_.authorities, places_.checkpoints()}, check_));
    return std::move(check_);
  }
  bool since_holds() const { return !trust_.since || root_at(trust_.since->size) == trust_.since->root; }

 private:
  void want_roots() {
    for (const CheckpointFile& file : files_)
      if (file.read) wanted_.insert(file.read->checkpoint.size);
    for (const KnownHead& head : trust_.heads) wanted_.insert(head.size);
    if (trust_.since) wanted_.insert(trust_.since->size);
  }

  Status walk() {
    GREFFE_TRY(JournalLines lines, JournalLines::open(places_.journal));
    ChainWalk walk;
    keep_root(walk);
    bool broken = false;  // only the first break is told: what comes behind it is its consequence
    while (true) {
      if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped while reading the journal");
      const auto line = lines.next();
      if (!line && line.error().kind() != ErrorKind::Integrity) return tl::unexpected(line.error());
      if (!line) check_.findings.add({reason::NotAnEntry, "journal", line.error().message()});
      if (!line || !*line) break;
      GREFFE_CHECK(take(walk, **line, lines, broken));
    }
    check_.entries = walk.head().seq;
    check_.head = walk.head();
    check_.root = walk.tree().root();
    check_.torn_bytes = lines.torn_bytes();
    return {};
  }

  Status take(ChainWalk& walk, std::string_view line, const JournalLines& lines, bool& broken) {
    const bool unread = trust_.since && walk.head().seq < trust_.since->size;
    if (unread && !tells_of_keys_or_tokens(line)) {
      walk.take_unchecked(line);
    } else if (auto problem = walk.take(line); problem && !broken) {
      // Where entries before were hashed only, a break of the chain to them cannot be.
      broken = true;
      problem->place = "journal/" + lines.place();
      check_.findings.add(std::move(*problem));
    }
    if (unread) ++check_.unread;
    if (walk.entry()) note(*walk.entry());
    keep_root(walk);
    return seen_ ? seen_(walk.head().seq, line, walk.entry()) : Status();
  }

  void note(const JournalEntry& entry) {
    check_.signers.take(entry);
    if (entry.event.action == KeyNew && !key_since_) key_since_ = entry.utc;
    if (entry.event.action == TimeStampAction)
      for (const FileChange& file : entry.event.files)
        if (file.after) named_.push_back({*file.after, fmt::format("entry {}", entry.seq)});
  }

  void keep_root(const ChainWalk& walk) {
    if (wanted_.contains(walk.head().seq)) roots_[walk.head().seq] = walk.tree().root();
  }

  std::optional<fixity::Digest> root_at(std::int64_t size) const {
    const auto found = roots_.find(size);
    return found == roots_.end() ? std::nullopt : std::optional(found->second);
  }

  // True when the journal begins with the tree of `size` entries and this root.
  bool check_root(std::int64_t size, const fixity::Digest& root, const std::string& place) {
    auto problem = contradiction(size, root, check_.entries, root_at(size));
    if (!problem) return true;
    problem->place = place;
    check_.findings.add(std::move(*problem));
    return false;
  }

  bool check_origin(const std::string& origin, std::string_view why, const std::string& place) {
    if (origin == places_.origin) return true;
    check_.findings.add({why, place, fmt::format("is of {}, not of {}", origin, places_.origin)});
    return false;
  }

  void check_heads() {
    std::vector<KnownHead> heads = trust_.heads;
    if (trust_.since) heads.push_back(*trust_.since);
    for (const KnownHead& head : heads)
      if (check_origin(head.origin, reason::InconsistentCheckpoint, head.place))
        check_root(head.size, head.root, head.place);
  }

  void check_checkpoints() {
    check_.checkpoints = static_cast<std::int64_t>(files_.size());
    check_.signers.read_keys(places_.keys, check_.findings);
    check_.signers.add_given(trust_.keys);
    std::vector<JudgedCheckpoint> judged;
    for (const CheckpointFile& file : files_) {
      const std::string place = fmt::format("journal/checkpoints/{}{}", file.name, CheckpointSuffix);
      if (!file.read) {
        check_.findings.add({reason::NotACheckpoint, place, file.problem});
        continue;
      }
      const Checkpoint& checkpoint = file.read->checkpoint;
      if (!check_origin(checkpoint.origin, reason::NotACheckpoint, place)) continue;
      judged.push_back({.file = &file, .root_holds = check_root(checkpoint.size, checkpoint.root, place)});
      if (checkpoint.token) named_.push_back({*checkpoint.token, place});
    }
    judge_signatures(judged, check_.signers, trust_.keys, check_.findings);
    for (const JudgedCheckpoint& checkpoint : judged) {
      if (!checkpoint.root_holds || checkpoint.signed_by.empty()) continue;
      check_.newest = checkpoint.file->read->checkpoint;
      check_.newest_by = checkpoint.signed_by;
    }
  }

  // Whoever enters a key signs with it as the next step: later than that somebody has removed the
  // checkpoints, so that nothing contradicts a journal made anew.
  void check_presence() {
    if (!files_.empty() || trust_.max_age) return;  // check_age asks for more
    const bool is_late = key_since_ && trust_.now - *key_since_ > FirstCheckpointMayLag;
    if (!is_late && trust_.keys.empty()) return;
    check_.findings.add(
        {reason::StaleHead, "journal/checkpoints",
         fmt::format(
             "there is no checkpoint, though {}; bring them back from a copy of the archive, or make "
             "the first one with greffe-catalog checkpoint",
             key_since_ ? "the journal has introduced a key" : "a key is given that would sign them")});
  }

  void check_age() {
    if (!trust_.max_age) return;
    if (!check_.newest || !check_.newest->time) {
      check_.findings.add({reason::StaleHead, "journal/checkpoints", "there is no good checkpoint"});
    } else if (trust_.now - *check_.newest->time > *trust_.max_age) {
      check_.findings.add(
          {reason::StaleHead,
           fmt::format("journal/checkpoints/{}{}", checkpoint_name(*check_.newest), CheckpointSuffix),
           fmt::format("the newest good checkpoint is of {}", rfc3339(*check_.newest->time))});
    }
  }

  const JournalPlaces& places_;
  const JournalTrust& trust_;
  const LineSeen& seen_;
  std::vector<CheckpointFile> files_;
  std::set<std::int64_t> wanted_;                 // sizes
  std::map<std::int64_t, fixity::Digest> roots_;  // at those sizes
  std::vector<NamedToken> named_;
  std::optional<WallTime> key_since_;  // the first key was introduced
  JournalCheck check_;
};

}  // namespace

Result<JournalCheck> check_journal(const JournalPlaces& places, const JournalTrust& trust,
                                   const LineSeen& seen) {
  Checker checker(places, trust, seen);
  GREFFE_TRY(JournalCheck check, checker.run());
  if (checker.since_holds()) return check;
  JournalTrust everything = trust;
  everything.heads.push_back(*trust.since);
  everything.since.reset();
  return check_journal(places, everything, seen);
}

}  // namespace greffe::journal
