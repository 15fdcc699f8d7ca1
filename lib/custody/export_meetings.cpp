#include "custody/export_meetings.h"

#include <algorithm>

#include "base/text.h"
#include "custody/export_package.h"
#include "custody/holds.h"
#include "custody/open_exports.h"
#include "custody/staged_target.h"
#include "package/bag_path.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t RoomBesides = 1u << 20;  // folders, the last block of each file
constexpr std::uint64_t FileBlock = 4'096;
constexpr std::string_view TarEnding = ".tar";
constexpr std::string_view JoinNote = "JOIN.txt";

// Where the package goes, and what it is called.
struct Place {
  Path target;       // absolute
  std::string name;  // of the bag, or the beginning of those of its parts
};

Result<Place> place_of(const catalog::Archive& archive, const ExportRequest& request) {
  std::error_code error;
  Path target = fs::absolute(request.target, error).lexically_normal();
  if (error) return fail("{}: {}", request.target.string(), error.message());
  if (!target.has_filename()) target = target.parent_path();
  std::string name = target.filename().string();
  const bool ends_in_tar = name.ends_with(TarEnding) && name.size() > TarEnding.size();
  if (request.tar && !request.max_part && !ends_in_tar) target += TarEnding;
  if (ends_in_tar) name.resize(name.size() - TarEnding.size());
  if (package::unsafe_path(name) || name.starts_with('.') || !is_valid_utf8(name) || printable(name) != name)
    return fail(ErrorKind::Usage, "{}: cannot be the name of a package", printable(name));
  if (!fs::is_directory(target.parent_path(), error))
    return fail("{}: no such folder", target.parent_path().string());
  GREFFE_CHECK(check_not_within(archive, target));
  return Place{std::move(target), std::move(name)};
}

Status check(const ExportRequest& request) {
  GREFFE_CHECK(check_labels(request.labels));
  if (request.format == PackageFormat::Folder && request.max_part)
    return fail(ErrorKind::Usage, "--max-part: only bags come in parts");
  if (request.format == PackageFormat::Folder && !request.labels.empty())
    return fail(ErrorKind::Usage, "--info: only bags have a bag-info.txt");
  return {};
}

// Where a part of the export lies, or what of it the digest is of.
Path file_of(const ExportRecord& record, const std::string& file, bool in_parts) {
  const Path target = record.target;
  if (in_parts) return target / file;
  const auto slash = file.find('/');
  return slash == std::string::npos ? target : target / file.substr(slash + 1);
}

// `made` is what the register has of that place.
tl::unexpected<Error> is_taken(const Place& place, const ExportRecord* made) {
  const std::string by = made == nullptr ? ""
                                         : fmt::format(" ({} of {})", catalog::export_id(made->number),
                                                       text_of(made->bagging_date));
  return fail(
      "{}: is there already{}; a package is written once: give another TARGET with -o, or move away what "
      "is there",
      place.target.string(), by);
}

// Something has the name already: what a run has made that was killed before the register knew, or not ours.
Result<ExportReport> complete(const catalog::Archive& archive, const ExportRequest& request,
                              const Place& place, const Acting& acting) {
  GREFFE_TRY(auto registration, ExportRegistration::begin(archive, acting));
  GREFFE_TRY(const auto unfinished, registration.find_unfinished(place.target.string()));
  bool is_same = unfinished.has_value();
  for (std::size_t i = 0; is_same && i < unfinished->parts.size(); ++i) {
    const ExportedPart& part = unfinished->parts[i];
    const auto found = fixity::digest_of_file(file_of(*unfinished, part.file, request.max_part.has_value()));
    if (!found && found.error().kind() == ErrorKind::Interrupted) return tl::unexpected(found.error());
    is_same = found && found->digest == part.digest;
  }
  if (!is_same) return is_taken(place, registration.find_newest(place.target.string()));
  GREFFE_CHECK(registration.finish(*unfinished));
  return ExportReport{*unfinished, true};
}

// The same meetings on the same day give the same group.
std::string group_of(const ExportWork& work, const std::string& name) {
  fixity::Sha256 hasher;
  hasher.update(work.archive.description().id);
  for (const SurveyedMeeting& meeting : work.meetings) hasher.update(meeting.id + meeting.manifest.hex());
  hasher.update(text_of(work.day));
  return fmt::format("{}-{}", name, hasher.finish().hex().substr(0, 10));
}

Result<std::vector<PartPlace>> parts_of(const ExportWork& work, const std::string& name) {
  // Long enough for the numbers of a thousand million parts.
  const std::string longest = name + std::string(24, '0');
  const PartCost cost = cost_of_parts(work, longest);
  GREFFE_TRY(auto files, split_parts(work.meetings, cost, work.request.max_part));
  std::vector<PartPlace> parts;
  if (!work.request.max_part) {
    parts.push_back({.name = name, .group = {}, .number = 1, .count = 1, .files = std::move(files.front())});
    return parts;
  }
  const std::string group = group_of(work, name);
  const std::size_t digits = std::to_string(files.size()).size();
  for (std::size_t i = 0; i < files.size(); ++i)
    parts.push_back({.name = fmt::format("{}-{:0{}}-of-{}", name, i + 1, digits, files.size()),
                     .group = group,
                     .number = i + 1,
                     .count = files.size(),
                     .files = std::move(files[i])});
  return parts;
}

// As one word of a shell, and never an option.
std::string shell_word(std::string_view file) {
  std::string word = "'./";
  for (const char c : file)
    if (c == '\'')
      word += "'\\''";
    else
      word += c;
  return word + "'";
}

std::string join_note(const std::vector<PartPlace>& parts, bool tar) {
  std::string text = fmt::format(
      "One export in {} parts. Each is a bag (RFC 8493) that can be checked by itself:\n"
      "    greffe-export check PART\n"
      "To have the meetings whole again, copy what is in the folder data of each part into one folder:\n"
      "    mkdir joined\n",
      parts.size());
  for (const PartPlace& part : parts) {
    const std::string copy = fmt::format("cp -R {} joined/\n", shell_word(part.name + "/data/."));
    text += tar ? fmt::format("    tar -xf {} && {}", shell_word(part.name + ".tar"), copy) : "    " + copy;
  }
  return text + "Then each meeting can be checked: cd joined/MEETING && sha256sum -c manifest-sha256.txt\n";
}

std::uint64_t room_for(const ExportWork& work, const std::vector<PartPlace>& parts) {
  const PartCost cost = cost_of_parts(work, parts.back().name);
  std::uint64_t bytes = RoomBesides + cost.fixed * parts.size();
  for (const PartPlace& part : parts) {
    std::size_t last = SIZE_MAX;
    for (const FileIndex& at : part.files) {
      if (at.meeting != last) bytes += cost.of_meeting[at.meeting];
      bytes += cost.of_file[at.meeting][at.file] + (work.request.tar ? 0 : FileBlock);
      last = at.meeting;
    }
  }
  return bytes;
}

Result<std::vector<ExportedPart>> write_parts(const ExportWork& work, const std::vector<PartPlace>& places,
                                              const Path& made) {
  PackageMaker maker(work);
  std::vector<ExportedPart> parts;
  if (work.request.max_part) GREFFE_CHECK(make_directories(made));
  for (const PartPlace& place : places) {
    const Path part = made / (place.name + (work.request.tar ? std::string(TarEnding) : ""));
    GREFFE_TRY(ExportedPart written, maker.write(place, work.request.max_part ? part : made));
    parts.push_back(std::move(written));
  }
  if (!maker.problems().empty())
    return fail(ErrorKind::Integrity, "what is to be packed does not hold:{}",
                problem_lines(maker.problems()));
  if (!work.request.max_part) return parts;
  GREFFE_CHECK(write_text_atomically(made / JoinNote, join_note(places, work.request.tar)));
  GREFFE_CHECK(sync_directory(made));
  return parts;
}

ExportRecord record_of(const ExportWork& work, const Place& place, std::vector<ExportedPart> parts) {
  ExportRecord record{.format = work.request.format == PackageFormat::Bag ? "bagit" : "folder",
                      .bagging_date = work.day,
                      .recipient = work.request.recipient,
                      .reason = work.request.reason,
                      .target = place.target.string()};
  std::vector<std::string> ids;
  for (const SurveyedMeeting& meeting : work.meetings) {
    record.meetings.push_back({.id = meeting.id,
                               .manifest = meeting.manifest,
                               .files = static_cast<std::int64_t>(meeting.files.size()),
                               .bytes = static_cast<std::int64_t>(meeting.bytes())});
    ids.push_back(meeting.id);
  }
  record.holds = work.papers.holds_on(ids);
  record.parts = std::move(parts);
  return record;
}

// From the bytes on the disk to a package with a name that the register knows.
Result<ExportReport> make_package(const ExportWork& work, const Place& place) {
  GREFFE_TRY(const std::vector<PartPlace> parts, parts_of(work, place.name));
  GREFFE_CHECK(check_room(place.target.parent_path(), room_for(work, parts)));
  GREFFE_TRY(StagedTarget staged, StagedTarget::create(place.target));
  GREFFE_TRY(auto written, write_parts(work, parts, staged.made()));
  GREFFE_TRY(auto registration, ExportRegistration::begin(work.archive, work.acting));
  // Under the lock of the register, so that of two exports to one place the second enters nothing.
  std::error_code error;
  if (fs::exists(fs::symlink_status(place.target, error)))
    return is_taken(place, registration.find_newest(place.target.string()));
  GREFFE_CHECK(registration.enter(record_of(work, place, std::move(written))));
  GREFFE_CHECK(staged.commit());
  GREFFE_CHECK(registration.finish(registration.entered()));
  return ExportReport{registration.entered(), false};
}

}  // namespace

Result<ExportReport> export_meetings(const catalog::Archive& archive, const ExportRequest& request,
                                     const Acting& acting, DamageLog& damage, ProgressSink& progress) {
  GREFFE_CHECK(check(request));
  GREFFE_TRY(const Place place, place_of(archive, request));
  std::error_code error;
  if (fs::exists(fs::symlink_status(place.target, error))) return complete(archive, request, place, acting);
  GREFFE_TRY(const TimeZone zone, archive.policy_zone());
  const CivilDate day = request.date.value_or(zone.date_of(acting.now));
  std::vector<std::string> ids;
  std::optional<ExportPapers> papers;
  {
    GREFFE_TRY(const catalog::Catalog catalog,
               catalog::Catalog::open(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
    GREFFE_CHECK(sync_holds(archive, catalog));
  }
  {
    GREFFE_TRY(const catalog::Catalog catalog,
               catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = acting.lock_wait}));
    GREFFE_TRY(ids, select_meetings(archive, catalog, request.selection));
    if (ids.empty()) return fail("no meeting is what was asked for; nothing was written");
    GREFFE_TRY(papers, ExportPapers::read(archive, catalog, ids, day, acting.now, damage));
  }
  GREFFE_TRY(const OpenExport open, OpenExport::begin(archive, ids, acting.lock_wait));
  GREFFE_TRY(const std::vector<SurveyedMeeting> meetings, survey_meetings(archive, ids, acting));
  ExportWork work{.archive = archive,
                  .request = request,
                  .acting = acting,
                  .meetings = meetings,
                  .papers = *papers,
                  .day = day,
                  .progress = progress};
  for (const SurveyedMeeting& meeting : meetings) work.bytes += meeting.bytes();
  return make_package(work, place);
}

}  // namespace greffe::custody
