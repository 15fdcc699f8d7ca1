#include "flow/keep_film.h"

#include "base/file_lock.h"
#include "fixity/manifest.h"
#include "flow/catalog_index.h"
#include "journal/journal.h"

namespace greffe::flow {

Result<Composed> keep_film(const catalog::Archive& archive, const MeetingFolder& folder, RenderedFilm film,
                           const KeepOptions& options, DamageLog& damage) {
  const std::string& id = folder.meeting.id;
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), options.lock_wait));
  const Path manifest_path = folder.path / "manifest-sha256.txt";
  GREFFE_TRY(fixity::Manifest manifest, fixity::read_manifest(manifest_path));
  GREFFE_TRY(Composed composed, publish(std::move(film)));

  journal::Event event{.action = "compose", .subjects = {id}, .outcome = "done"};
  const auto enter = [&](const Path& file) -> Status {
    const std::string name = "renders/" + file.filename().string();
    GREFFE_TRY(const fixity::FileDigest found, fixity::digest_of_file(file));
    std::optional<fixity::Digest> before;
    if (const fixity::Digest* listed = manifest.find(name)) before = *listed;
    event.files.push_back({catalog::Archive::meeting_path(id) + "/" + name, before, found.digest});
    return manifest.replace(name, found.digest);
  };
  GREFFE_CHECK(enter(composed.film));
  if (composed.vtt) GREFFE_CHECK(enter(*composed.vtt));
  GREFFE_CHECK(enter(composed.receipt));

  // The journal first: it tells of files that are there, and the manifest follows from it.
  journal::Journal journal(archive.journal_folder(), options.actor, options.lock_wait);
  if (const auto entry = journal.append(event, options.now); !entry) return tl::unexpected(entry.error());
  GREFFE_CHECK(fixity::write_manifest(manifest_path, manifest));
  GREFFE_CHECK(index_meeting(archive, id, options.lock_wait, damage));
  return composed;
}

}  // namespace greffe::flow
