#include "custody/checkpoint.h"

#include <algorithm>
#include <cstdlib>

#include "base/file_lock.h"
#include "catalog/catalog.h"
#include "custody/catalog_index.h"
#include "custody/verify_journal.h"
#include "custody/write_once.h"
#include "journal/checkpoint_folder.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

using journal::CheckpointFile;
constexpr std::chrono::seconds SigningWait{30};  // for another program to write one small file
namespace reason = journal::reason;

fixity::VerifierKey verifier_of(const fixity::PrivateKey& key, const std::string& origin) {
  return {.name = origin, .key = key.public_key()};
}

// The newest checkpoint that `key` has signed: up to there entries need only be hashed.
std::optional<journal::KnownHead> newest_signed(const std::vector<CheckpointFile>& files,
                                                const fixity::VerifierKey& key) {
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    if (!file->read || file->read->note.signature_of(key) != fixity::SignedNote::Answer::Holds) continue;
    const journal::Checkpoint& checkpoint = file->read->checkpoint;
    return journal::KnownHead{checkpoint.origin, checkpoint.size, checkpoint.root, file->name};
  }
  return std::nullopt;
}

// Nothing is signed that is not what it was.
Status check_unchanged(const journal::JournalCheck& check) {
  for (const journal::Finding& finding : check.findings.kept())
    for (const std::string_view why : {reason::NotAnEntry, reason::BrokenSequence, reason::BrokenChain,
                                       reason::TruncatedTail, reason::InconsistentCheckpoint})
      if (finding.reason == why)
        return fail(ErrorKind::Integrity, "{}: {} ({}); nothing is signed, see greffe-verify journal",
                    finding.place, finding.text, finding.reason);
  if (check.entries == 0) return fail("the journal is empty");
  return {};
}

Status check_may_sign(const journal::JournalCheck& check, const fixity::VerifierKey& key) {
  const std::string id = fixity::hex_of(key.id());
  const journal::Signer* signer = check.signers.find(id);
  if (!signer || signer->introduced == 0)
    return fail("key {} is not of this archive; greffe-catalog key new enters it", id);
  if (signer->retired != 0) return fail("key {} was retired in entry {}", id, signer->retired);
  return {};
}

// Where no checkpoint of the key vouches for what the journal was, perhaps since they were taken away, the
// catalog's index must not contradict it.
Status check_index(const catalog::Archive& archive) {
  if (!fs::exists(archive.catalog_file())) return {};
  const auto catalog = catalog::Catalog::open_read_only(archive.catalog_file());
  if (!catalog && catalog.error().kind() == ErrorKind::Integrity) return {};
  if (!catalog) return tl::unexpected(catalog.error());
  GREFFE_TRY(const auto contradiction, index_contradiction(archive, *catalog));
  if (!contradiction) return {};
  return fail(ErrorKind::Integrity,
              "the catalog's index of the journal: {}; nothing is signed, see greffe-verify journal",
              *contradiction);
}

Result<std::optional<fixity::Digest>> newest_token(const Path& folder) {
  GREFFE_TRY(const auto tokens, journal::tokens_in(folder));
  if (tokens.empty()) return std::nullopt;
  return tokens.back().digest;
}

Path request_file(const Path& folder, const std::string& name) {
  return folder / (name + journal::RequestSuffix);
}
Path token_file(const Path& folder, const std::string& name) {
  return folder / (name + journal::TokenSuffix);
}

// The checkpoint whose request this reply answers, newest first.
Result<std::pair<std::string, fixity::TimeStamp>> answered(const Path& folder, std::string_view reply,
                                                           const fixity::TimeStampTrust& trust) {
  GREFFE_TRY(const auto files, journal::checkpoints_in(folder));
  std::optional<Error> newest;  // what keeps the reply from being one to the newest request
  for (auto file = files.rbegin(); file != files.rend(); ++file) {
    const auto request = read_text(request_file(folder, file->name), journal::LargestToken);
    if (!request) continue;
    const auto stamp = fixity::verify_time_stamp(reply, file->text, *request, trust);
    if (stamp) return std::pair(file->name, *stamp);
    if (stamp.error().kind() != ErrorKind::Integrity) return tl::unexpected(stamp.error());
    if (!newest) newest = stamp.error();
  }
  return tl::unexpected(newest.value_or(Error("no request waits for a reply", ErrorKind::Integrity)));
}

}  // namespace

journal::JournalPlaces journal_places(const catalog::Archive& archive) {
  return {.journal = archive.journal_folder(),
          .keys = archive.keys_folder(),
          .origin = journal::origin_of(archive.description().id)};
}

std::optional<Path> key_file_of_environment() {
  const char* name = std::getenv("GREFFE_KEY");
  if (!name || *name == '\0') return std::nullopt;
  return Path(name);
}

Status check_outside(const catalog::Archive& archive, const Path& key_file) {
  GREFFE_TRY(const bool within, archive.encloses(key_file));
  if (!within) return {};
  return fail(ErrorKind::Usage, "{}: lies within the archive; a private key belongs outside of it",
              key_file.string());
}

Result<WrittenCheckpoint> write_checkpoint(const catalog::Archive& archive,
                                           const std::vector<const fixity::PrivateKey*>& keys, WallTime now) {
  const journal::JournalPlaces places = journal_places(archive);
  const fixity::VerifierKey first = verifier_of(*keys.front(), places.origin);
  journal::JournalTrust trust{.keys = {first}, .now = now};
  GREFFE_TRY(const auto files, journal::checkpoints_in(places.checkpoints()));
  trust.since = newest_signed(files, first);
  GREFFE_TRY(const journal::JournalCheck check, journal::check_journal(places, trust));
  GREFFE_CHECK(check_unchanged(check));
  GREFFE_CHECK(check_may_sign(check, first));
  if (!trust.since) GREFFE_CHECK(check_index(archive));
  WrittenCheckpoint written{
      .checkpoint = {.origin = places.origin, .size = check.entries, .root = check.root, .time = now}};
  GREFFE_TRY(written.checkpoint.token, newest_token(places.checkpoints()));
  fixity::SignedNote note{.text = written.checkpoint.text()};
  for (const fixity::PrivateKey* key : keys) note.sign(*key, places.origin);
  GREFFE_CHECK(make_directories(places.checkpoints()));
  written.file =
      places.checkpoints() / (journal::checkpoint_name(written.checkpoint) + journal::CheckpointSuffix);
  // Programs that sign in the same millisecond say the same; the first one writes.
  GREFFE_TRY(const FileLock lock, FileLock::acquire(places.checkpoints() / "lock", SigningWait));
  if (!fs::exists(written.file)) GREFFE_CHECK(write_once(written.file, note.written()));
  return written;
}

Result<WrittenCheckpoint> write_checkpoint(const catalog::Archive& archive, const Path& key_file,
                                           WallTime now) {
  GREFFE_CHECK(check_outside(archive, key_file));
  GREFFE_TRY(const fixity::PrivateKey key, fixity::read_private_key(key_file));
  return write_checkpoint(archive, {&key}, now);
}

Status checkpoint_if_key(const catalog::Archive& archive, const std::optional<Path>& key_file, WallTime now) {
  if (!key_file) return {};
  const auto written = write_checkpoint(archive, *key_file, now);
  if (!written) return fail_within("checkpoint", written);
  return {};
}

Result<Path> request_time_stamp(const catalog::Archive& archive) {
  const Path folder = journal_places(archive).checkpoints();
  GREFFE_TRY(const auto files, journal::checkpoints_in(folder));
  if (files.empty()) return fail("there is no checkpoint yet; greffe-catalog checkpoint makes one");
  const CheckpointFile& newest = files.back();
  if (!newest.read)
    return fail(ErrorKind::Integrity, "{}{}: {}", newest.name, journal::CheckpointSuffix, newest.problem);
  if (fs::exists(token_file(folder, newest.name)))
    return fail("{}{}: has its time stamp already", newest.name, journal::CheckpointSuffix);
  Path file = request_file(folder, newest.name);
  if (!fs::exists(file)) GREFFE_CHECK(write_once(file, fixity::time_stamp_request(newest.text)));
  return file;
}

Result<AcceptedTimeStamp> accept_time_stamp(const catalog::Archive& archive, const Path& reply,
                                            const fixity::TimeStampTrust& trust, const Acting& acting) {
  const Path folder = journal_places(archive).checkpoints();
  GREFFE_TRY(const std::string text, read_text(reply, journal::LargestToken));
  // Two programs may accept at once: the entry is to be there once.
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), acting.lock_wait));
  const auto found = answered(folder, text, trust);
  if (!found) return fail_within(reply.string(), found);
  AcceptedTimeStamp accepted{.stamp = found->second, .file = token_file(folder, found->first)};
  const journal::FileChange change{
      .file = fmt::format("journal/checkpoints/{}", accepted.file.filename().string()),
      .after = fixity::digest_of(text)};
  const journal::Event event{
      .action = journal::TimeStampAction, .subjects = {archive.description().id}, .files = {change}};
  if (fs::exists(accepted.file)) {
    GREFFE_TRY(const std::string kept, read_text(accepted.file, journal::LargestToken));
    if (kept != text) return fail("{}: there is another time stamp already", accepted.file.string());
    accepted.was_there = true;
  } else {
    GREFFE_CHECK(write_once(accepted.file, text));
  }
  bool journaled = false;
  const auto seen = [&](std::int64_t, std::string_view,
                        const std::optional<journal::JournalEntry>& entry) -> Status {
    journaled =
        journaled || (entry && entry->event.action == event.action && entry->event.files == event.files);
    return {};
  };
  GREFFE_CHECK(journal::check_journal(journal_places(archive), {.now = acting.now}, seen));
  if (!journaled) GREFFE_CHECK(append_to_journal(archive, acting, event));
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  GREFFE_CHECK(index_journal(archive, catalog));
  return accepted;
}

}  // namespace greffe::custody
