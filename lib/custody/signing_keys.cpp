#include "custody/signing_keys.h"

#include <algorithm>

#include "base/file_lock.h"
#include "catalog/catalog.h"
#include "custody/catalog_index.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

bool may_sign(const journal::Signer& signer) { return signer.key && signer.retired == 0; }

// The private key that speaks for the archive so far, where it has one other than `entered`.
Result<std::optional<fixity::PrivateKey>> current_key(const std::vector<journal::Signer>& signers,
                                                      const fixity::VerifierKey& entered,
                                                      const std::optional<Path>& file, bool is_lost) {
  const auto speaks = [&](const journal::Signer& signer) {
    return may_sign(signer) && *signer.key != entered;
  };
  if (is_lost || std::none_of(signers.begin(), signers.end(), speaks)) return std::nullopt;
  if (!file)
    return fail(ErrorKind::Usage,
                "the archive has a key; $GREFFE_KEY must name its file, so that it signs for the new one");
  GREFFE_TRY(fixity::PrivateKey key, fixity::read_private_key(*file));
  const fixity::PublicKey known = key.public_key();
  // The command of a rotation that was killed at its end, with the new key in its place already.
  if (known == entered.key) return std::nullopt;
  const auto found = std::find_if(signers.begin(), signers.end(), [&](const journal::Signer& signer) {
    return may_sign(signer) && signer.key->key == known;
  });
  if (found == signers.end()) return fail("{}: not a key that may sign for this archive", file->string());
  return key;
}

// Also where there was nothing to append: a kill may have come between the entry and its row.
Status index(const catalog::Archive& archive, const Acting& acting) {
  GREFFE_TRY(catalog::Catalog catalog,
             catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
  return index_journal(archive, catalog);
}

// The verifier key as a file, and the entry that introduces it.
Status introduce(const catalog::Archive& archive, const fixity::VerifierKey& key, const Acting& acting) {
  const std::string id = fixity::hex_of(key.id());
  const std::string text = key.text() + "\n";
  const Path file = archive.root() / journal::key_file_name(id);
  AtomicFile::remove_abandoned(file);
  GREFFE_CHECK(make_directories(file.parent_path()));
  GREFFE_CHECK(write_text_atomically(file, text));
  return append_to_journal(
      archive, acting,
      {.action = journal::KeyNew,
       .subjects = {id},
       .files = {{.file = journal::key_file_name(id), .after = fixity::digest_of(text)}}});
}

}  // namespace

Result<std::vector<journal::Signer>> keys_of(const catalog::Archive& archive) {
  GREFFE_TRY(const journal::JournalCheck check, journal::check_journal(journal_places(archive), {}));
  return check.signers.all();
}

Result<EnteredKey> enter_key(const catalog::Archive& archive, const Path& file,
                             const std::optional<Path>& current, bool current_is_lost, const Acting& acting) {
  GREFFE_CHECK(check_outside(archive, file));
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), acting.lock_wait));
  GREFFE_TRY(const std::vector<journal::Signer> signers, keys_of(archive));
  const bool is_new = !fs::exists(file);
  GREFFE_TRY(const fixity::PrivateKey key, is_new ? Result<fixity::PrivateKey>(fixity::PrivateKey::generate())
                                                  : fixity::read_private_key(file));
  const fixity::VerifierKey entered{.name = journal_places(archive).origin, .key = key.public_key()};
  GREFFE_TRY(const auto signer, current_key(signers, entered, current, current_is_lost));
  const std::string id = fixity::hex_of(entered.id());
  const auto known = std::find_if(signers.begin(), signers.end(),
                                  [&](const journal::Signer& found) { return found.id == id; });
  if (known != signers.end() && known->retired != 0) return fail("key {} was retired; it stays so", id);
  if (known != signers.end() && known->key && *known->key != entered)
    return fail("key {}: another key has this id; make a new one", id);
  EnteredKey done{.key = entered, .was_there = known != signers.end() && known->key.has_value()};
  if (is_new) GREFFE_CHECK(fixity::write_private_key(file, key));
  if (!done.was_there) GREFFE_CHECK(introduce(archive, entered, acting));
  GREFFE_CHECK(index(archive, acting));
  std::vector<const fixity::PrivateKey*> keys{&key};
  if (signer) keys.insert(keys.begin(), &*signer);
  GREFFE_TRY(done.checkpoint, write_checkpoint(archive, keys, acting.now));
  return done;
}

Result<WrittenCheckpoint> retire_key(const catalog::Archive& archive, std::string_view id,
                                     const Path& current, const Acting& acting) {
  GREFFE_CHECK(check_outside(archive, current));
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), acting.lock_wait));
  GREFFE_TRY(const std::vector<journal::Signer> signers, keys_of(archive));
  const auto known = std::find_if(signers.begin(), signers.end(),
                                  [&](const journal::Signer& signer) { return signer.id == id; });
  if (known == signers.end()) return fail(ErrorKind::Usage, "{}: no such key; greffe-catalog key list", id);
  GREFFE_TRY(const fixity::PrivateKey key, fixity::read_private_key(current));
  const fixity::VerifierKey signer{.name = journal_places(archive).origin, .key = key.public_key()};
  if (fixity::hex_of(signer.id()) == id)
    return fail(ErrorKind::Usage,
                "{}: a key does not retire itself; $GREFFE_KEY must name another that may sign", id);
  const bool speaks = std::any_of(signers.begin(), signers.end(), [&](const journal::Signer& found) {
    return may_sign(found) && *found.key == signer;
  });
  if (!speaks) return fail("{}: not a key that may sign for this archive", current.string());
  if (known->retired == 0)
    GREFFE_CHECK(
        append_to_journal(archive, acting, {.action = journal::KeyRetire, .subjects = {std::string(id)}}));
  GREFFE_CHECK(index(archive, acting));
  return write_checkpoint(archive, {&key}, acting.now);
}

}  // namespace greffe::custody
