#include "flow/keep_film.h"

#include "base/file_lock.h"
#include "custody/catalog_index.h"
#include "custody/swap_meeting.h"
#include "fixity/manifest.h"

namespace greffe::flow {
namespace {

std::string name_in_folder(const Path& file) { return "renders/" + file.filename().string(); }

// A file of the film, and the digest it is to have.
struct KeptFile {
  std::string name;
  fixity::Digest digest;
};

std::vector<KeptFile> files_of(const film::RenderedFilm& film, const film::Composed& places) {
  std::vector<KeptFile> files{{name_in_folder(places.film), film.digest.digest}};
  if (places.vtt) files.push_back({name_in_folder(*places.vtt), fixity::digest_of(film.vtt)});
  files.push_back({name_in_folder(places.receipt), fixity::digest_of(film.receipt)});
  return files;
}

Result<journal::Event> event_of(const std::string& id, const Path& folder,
                                const std::vector<KeptFile>& files) {
  GREFFE_TRY(const auto manifest, fixity::read_manifest(folder / fixity::ManifestName));
  journal::Event event{.action = "compose", .subjects = {id}};
  for (const KeptFile& file : files) {
    std::optional<fixity::Digest> before;
    if (const fixity::Digest* listed = manifest.find(file.name)) before = *listed;
    event.files.push_back({catalog::Archive::meeting_path(id) + "/" + file.name, before, file.digest});
  }
  return event;
}

Status fill(intake::MeetingStage& stage, const Path& folder, film::RenderedFilm film,
            const film::Composed& places) {
  std::set<std::string> rewritten;
  for (const KeptFile& file : files_of(film, places)) rewritten.insert(file.name);
  GREFFE_CHECK(stage.take_over(folder, rewritten));
  GREFFE_CHECK(stage.take_in(std::move(film.file), film.digest.digest, name_in_folder(places.film)));
  if (places.vtt) GREFFE_CHECK(stage.write(name_in_folder(*places.vtt), film.vtt));
  return stage.write(name_in_folder(places.receipt), film.receipt);
}

}  // namespace

Path unpublished_film(const catalog::Archive& archive, const timeline::MeetingFolder& folder) {
  return archive.staging_folder() / folder.meeting.id;
}

Result<film::Composed> keep_film(const catalog::Archive& archive, const timeline::MeetingFolder& folder,
                                 film::RenderedFilm film, const KeepOptions& options, DamageLog& damage) {
  const std::string& id = folder.meeting.id;
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), options.lock_wait));
  const film::Composed places = places_of(film);
  GREFFE_TRY(journal::Event event, event_of(id, folder.path, files_of(film, places)));
  GREFFE_TRY(intake::MeetingStage stage, intake::MeetingStage::create(archive.staging_folder() / id));
  GREFFE_CHECK(fill(stage, folder.path, std::move(film), places));
  const custody::Acting acting{options.actor, options.now, options.lock_wait};
  GREFFE_CHECK(custody::swap_in_meeting(std::move(stage), archive, std::move(event), acting));
  GREFFE_CHECK(custody::index_meeting(archive, id, acting, damage));
  return places;
}

}  // namespace greffe::flow
