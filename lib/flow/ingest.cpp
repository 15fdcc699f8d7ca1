#include "flow/ingest.h"

#include <atomic>

#include "base/file_lock.h"
#include "catalog/disposal_rows.h"
#include "custody/catalog_index.h"
#include "fixity/manifest.h"
#include "intake/meeting_builder.h"
#include "journal/journal.h"
#include "timeline/meeting_folder.h"

namespace greffe::flow {
namespace {

constexpr std::size_t DigitsOfDumps = 10;  // of a meeting id, at its end

// Ids with these digits of which a folder may be there: a folder is journaled before it appears, and who
// copies one into the archive rebuilds the catalog.
Result<std::vector<std::string>> known_ids(const catalog::Archive& archive, const std::string& digits,
                                           std::chrono::milliseconds lock_wait) {
  GREFFE_TRY(const catalog::Catalog catalog,
             catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = lock_wait}));
  GREFFE_TRY(const std::int64_t last, catalog.last_journal_seq());
  GREFFE_TRY(std::vector<std::string> ids, catalog.meetings_of_dumps(digits));
  GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive.journal_folder(), last + 1));
  while (true) {
    GREFFE_TRY(const auto entry, reader.next());
    if (!entry) return ids;
    for (const std::string& subject : entry->event.subjects)
      if (subject.ends_with(digits)) ids.push_back(subject);
  }
}

// The meeting these dumps made before, whatever its start was called then. Where neither catalog nor journal
// can be asked, all folders are looked at.
Result<std::optional<std::string>> find_same_dumps(const catalog::Archive& archive,
                                                   const intake::SourceFiles& files,
                                                   std::chrono::milliseconds lock_wait) {
  const std::string id = intake::meeting_id_of(WallTime{}, files);
  const std::string digits = id.substr(id.size() - DigitsOfDumps);
  auto ids = known_ids(archive, digits, lock_wait);
  if (!ids) ids = archive.meeting_ids();
  if (!ids) return tl::unexpected(ids.error());
  for (const std::string& known : *ids)
    if (catalog::is_meeting_id(known) && known.ends_with(digits) &&
        std::filesystem::exists(archive.place_of(known)))
      return known;
  return std::nullopt;
}

// What is known of a source before anything is written.
struct FirstReading {
  intake::SourceFiles files;
  std::optional<std::string> same;  // the meeting these dumps made before
};

// Hashes the files and reads the tracks, side by side. Tracks not yet begun when all dumps turn out to be
// known are left unread.
Result<FirstReading> read_source(const catalog::Archive& archive, const intake::MeetingSource& source,
                                 intake::MeetingSurveyor& surveyor, const IngestOptions& options,
                                 ProgressSink& progress) {
  FirstReading reading;
  intake::SourceFileReader reader(source, reading_of(options));
  std::atomic<std::size_t> unread = reader.count();
  std::atomic<bool> known = false;
  const auto read_file = [&](std::size_t i) -> Status {
    GREFFE_CHECK(reader.read(i));
    if (--unread > 0) return {};
    GREFFE_TRY(reading.files, reader.finish());
    GREFFE_TRY(reading.same, find_same_dumps(archive, reading.files, options.lock_wait));
    known = reading.same.has_value();
    return {};
  };
  const std::size_t files = reader.count();
  const Workers workers{options.jobs, progress};
  GREFFE_CHECK(workers.run("reading", files + surveyor.count(), [&](std::size_t i) {
    return i < files ? read_file(i) : known ? Status() : surveyor.read(i - files);
  }));
  return reading;
}

// The folder stands; what a kill may have left behind or undone is put right now. The meeting's lock is held.
Result<Ingested> complete(const catalog::Archive& archive, const intake::MeetingSource& source,
                          const intake::SourceFiles& files, const std::string& id,
                          const IngestOptions& options) {
  if (!std::filesystem::exists(archive.meeting_folder(id)))
    return fail(ErrorKind::Refused,
                "{}: already there as {}, in the trash; greffe-retain restore brings it back", source.place,
                id);
  GREFFE_TRY(const timeline::Meeting known, timeline::read_meeting(archive.meeting_folder(id)));
  if (known.description_sha256 != intake::digest_of_description(source, files).hex())
    return fail(ErrorKind::Damaged,
                "{}: already there as {}, but described differently; see greffe-catalog edit, or "
                "greffe-ingest --into",
                source.place, id);
  if (options.start && *options.start != known.start)
    return fail(ErrorKind::Damaged, "{}: already there as {}, but begun at {}, not at {}", source.place, id,
                rfc3339(known.start, 9), rfc3339(*options.start, 9));
  GREFFE_CHECK(remove_tree(archive.staging_folder() / id));
  Ingested ingested{.id = id, .already_there = true, .damage = {}};
  GREFFE_CHECK(custody::index_meeting(archive, id, acting_of(options), ingested.damage));
  return ingested;
}

// D14: what was destroyed and comes again is taken in, and told.
Status tell_destroyed(const catalog::Archive& archive, const intake::SourceFiles& files, DamageLog& damage) {
  GREFFE_TRY(const catalog::Catalog catalog, catalog::Catalog::open_read_only(archive.catalog_file()));
  std::vector<fixity::Digest> digests;
  for (const auto* received : {&files.dumps, &files.documents})
    for (const auto& [path, file] : *received) digests.push_back(file.digest);
  GREFFE_TRY(const auto destroyed, catalog::destroyed_with(catalog, digests));
  for (const catalog::DestroyedDump& dump : destroyed)
    damage.add(
        {.condition = "destroyed-before",
         .place = dump.meeting,
         .unit = "dumps",
         .text = fmt::format("a file of this content was destroyed with {}; see greffe-retain certificate {}",
                             dump.meeting, dump.list)});
  return {};
}

Status publish(const catalog::Archive& archive, const std::string& id, intake::MeetingStage& stage,
               const IngestOptions& options, DamageLog& damage) {
  GREFFE_TRY(const fixity::Digest manifest, stage.finish());
  const custody::Acting acting = acting_of(options);
  const journal::Event event{.action = "ingest",
                             .subjects = {id},
                             .files = {{.file = archive.meeting_path(id) + "/" + fixity::ManifestName,
                                        .before = {},
                                        .after = manifest}},
                             .outcome = "intended"};
  GREFFE_CHECK(custody::append_to_journal(archive, acting, event));
  GREFFE_CHECK(stage.publish(archive.meeting_folder(id)));
  GREFFE_CHECK(custody::append_done(archive, acting, event));
  return custody::index_meeting(archive, id, acting, damage);
}

}  // namespace

Result<Ingested> ingest(const catalog::Archive& archive, const intake::MeetingSource& source,
                        const IngestOptions& options, ProgressSink& progress) {
  intake::MeetingSurveyor surveyor(source);
  GREFFE_TRY(const FirstReading reading, read_source(archive, source, surveyor, options, progress));
  const intake::SourceFiles& files = reading.files;
  if (files.empty()) {
    if (!files.refusals.empty()) return fail("{}", files.refusals.front().why.message());
    return fail("{}: names no dump and no document", source.place);
  }
  if (reading.same) {
    GREFFE_TRY(const FileLock lock,
               FileLock::acquire(archive.meeting_lock(*reading.same), options.lock_wait));
    return complete(archive, source, files, *reading.same, options);
  }

  GREFFE_TRY(const intake::SurveyedMeeting surveyed, surveyor.finish(files, options.start));
  const std::string id = intake::meeting_id_of(surveyed.start, files);
  GREFFE_CHECK(make_directories(archive.meeting_lock(id).parent_path()));
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.meeting_lock(id), options.lock_wait));
  // Another ingest of the same dumps may have been first.
  if (std::filesystem::exists(archive.meeting_folder(id)))
    return complete(archive, source, files, id, options);
  GREFFE_TRY(intake::MeetingStage stage, intake::MeetingStage::create(archive.staging_folder() / id));
  Ingested ingested{.id = id};
  timeline::Meeting meeting = intake::new_meeting(source, files, id, surveyed.start);
  GREFFE_CHECK(intake::build_meeting(source, files, surveyed, stage, meeting, ingested.damage,
                                     {options.jobs, progress}));
  GREFFE_CHECK(publish(archive, id, stage, options, ingested.damage));
  GREFFE_CHECK(tell_destroyed(archive, files, ingested.damage));
  return ingested;
}

Result<timeline::Meeting> ingest_privately(const intake::MeetingSource& source, const Path& folder,
                                           const IngestOptions& options, ProgressSink& progress,
                                           DamageLog& damage) {
  GREFFE_TRY(const intake::SourceFiles files, intake::read_source_files(source, reading_of(options)));
  GREFFE_TRY(const intake::SurveyedMeeting surveyed,
             intake::survey_meeting(source, files, options.start, {options.jobs, progress}));
  const std::string id = intake::meeting_id_of(surveyed.start, files);
  GREFFE_TRY(intake::MeetingStage stage, intake::MeetingStage::create(Path(folder.string() + ".part")));
  timeline::Meeting meeting = intake::new_meeting(source, files, id, surveyed.start);
  GREFFE_CHECK(
      intake::build_meeting(source, files, surveyed, stage, meeting, damage, {options.jobs, progress}));
  if (const auto manifest = stage.finish(); !manifest) return tl::unexpected(manifest.error());
  GREFFE_CHECK(stage.publish(folder));
  return meeting;
}

}  // namespace greffe::flow
