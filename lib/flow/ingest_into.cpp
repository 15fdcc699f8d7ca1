#include "flow/ingest_into.h"

#include <algorithm>

#include "base/file_lock.h"
#include "custody/catalog_index.h"
#include "custody/holds.h"
#include "custody/swap_meeting.h"
#include "fixity/manifest.h"
#include "intake/meeting_builder.h"
#include "intake/missing_report.h"
#include "timeline/meeting_folder.h"

namespace greffe::flow {
namespace {

// Leaves out the dumps and documents that the meeting has.
void drop_known(intake::SourceFiles& files, const fixity::Manifest& manifest) {
  const auto is_known = [&](const auto& named) {
    return std::any_of(manifest.begin(), manifest.end(),
                       [&](const auto& known) { return known.second == named.second.digest; });
  };
  std::erase_if(files.dumps, is_known);
  std::erase_if(files.documents, is_known);
}

}  // namespace

Result<Ingested> ingest_into(const catalog::Archive& archive, const std::string& wanted,
                             const intake::MeetingSource& source, const IngestOptions& options,
                             ProgressSink& progress) {
  GREFFE_TRY(const std::string id, archive.find_meeting(wanted));
  GREFFE_TRY(intake::SourceFiles files, intake::read_source_files(source, reading_of(options)));
  const bool named_any = !files.empty();
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), options.lock_wait));
  GREFFE_CHECK(custody::refuse_if_held(archive, id, "alter", acting_of(options)));
  const Path folder = archive.meeting_folder(id);
  GREFFE_TRY(timeline::MeetingFolder opened, timeline::open_meeting_folder(folder));
  timeline::Meeting& meeting = opened.meeting;
  GREFFE_TRY(const auto manifest, fixity::read_manifest(folder / fixity::ManifestName));
  drop_known(files, manifest);
  Ingested ingested{.id = id, .already_there = named_any && files.empty()};
  if (ingested.already_there) {
    // Of a run that was killed at its very end: what it left, and the rows it did not make.
    GREFFE_CHECK(remove_tree(archive.staging_folder() / id));
    GREFFE_CHECK(custody::index_meeting(archive, id, acting_of(options), ingested.damage));
    return ingested;
  }

  GREFFE_TRY(const intake::SurveyedMeeting surveyed,
             intake::survey_meeting(source, files, meeting.start, {options.jobs, progress}));
  GREFFE_TRY(intake::MeetingStage stage, intake::MeetingStage::create(archive.staging_folder() / id));
  GREFFE_CHECK(stage.take_over(folder, {"meeting.json", intake::MissingReport, intake::MissingStrips}));
  GREFFE_CHECK(intake::build_meeting(source, files, surveyed, stage, meeting, ingested.damage,
                                     {options.jobs, progress}));
  GREFFE_CHECK(custody::swap_in_meeting(std::move(stage), archive,
                                        {.action = "ingest-into", .subjects = {id}}, acting_of(options)));
  GREFFE_CHECK(custody::index_meeting(archive, id, acting_of(options), ingested.damage));
  return ingested;
}

}  // namespace greffe::flow
