#include "flow/ingest_into.h"

#include <algorithm>

#include "base/file_lock.h"
#include "fixity/manifest.h"
#include "flow/catalog_index.h"
#include "flow/meeting_builder.h"
#include "flow/meeting_folder.h"
#include "journal/journal.h"

namespace greffe::flow {
namespace {

// Leaves out the dumps that the meeting has.
void drop_known(SourceFiles& files, const fixity::Manifest& manifest) {
  std::erase_if(files.dumps, [&](const auto& named) {
    return std::any_of(manifest.begin(), manifest.end(),
                       [&](const auto& known) { return known.second == named.second.digest; });
  });
}

}  // namespace

Result<Ingested> ingest_into(const catalog::Archive& archive, const std::string& wanted,
                             const MeetingSource& source, const IngestOptions& options,
                             ProgressSink& progress) {
  GREFFE_TRY(const std::string id, archive.find_meeting(wanted));
  GREFFE_TRY(SourceFiles files, read_source_files(source, options.settle, options.now));
  const bool named_any = !files.dumps.empty();
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), options.lock_wait));
  const Path folder = archive.meeting_folder(id);
  GREFFE_TRY(timeline::Meeting meeting, read_meeting(folder));
  GREFFE_TRY(const auto before, fixity::digest_of_file(folder / "manifest-sha256.txt"));
  GREFFE_TRY(const auto manifest, fixity::read_manifest(folder / "manifest-sha256.txt"));
  drop_known(files, manifest);
  Ingested ingested{.id = id, .already_there = named_any && files.dumps.empty()};
  if (ingested.already_there) return ingested;

  GREFFE_TRY(const SurveyedMeeting surveyed, survey_meeting(source, files, meeting.start, progress));
  GREFFE_TRY(MeetingStage stage, MeetingStage::create(archive.staging_folder() / id));
  GREFFE_CHECK(stage.take_over(folder, {"meeting.json"}));
  GREFFE_CHECK(build_meeting(source, files, surveyed, stage, meeting, ingested.damage, progress));
  GREFFE_TRY(const fixity::Digest after, stage.finish());
  journal::Journal journal(archive.journal_folder(), options.actor, options.lock_wait);
  journal::Event event{.action = "ingest-into",
                       .subjects = {id},
                       .files = {{.file = archive.meeting_path(id) + "/manifest-sha256.txt",
                                  .before = before.digest,
                                  .after = after}},
                       .outcome = "intended"};
  GREFFE_TRY(const auto intended, journal.append(event, options.now));
  GREFFE_CHECK(stage.replace(folder));
  event.outcome = "done";
  GREFFE_TRY(const auto done, journal.append(event, options.now));
  GREFFE_CHECK(index_meeting(archive, id, options.lock_wait, ingested.damage));
  GREFFE_CHECK(stage.discard());
  return ingested;
}

}  // namespace greffe::flow
