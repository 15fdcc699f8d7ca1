// init, edit, backup, dump, load, rebuild: what makes or changes something, and copies.
#include <algorithm>
#include <fstream>
#include <iostream>
#include <istream>

#include "base/file_lock.h"
#include "base/log.h"
#include "base/progress.h"
#include "catalog/dump.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "custody/create_archive.h"
#include "custody/edit_meeting.h"
#include "custody/rebuild_catalog.h"
#include "custody/swap_catalog.h"
#include "greffe-catalog/verbs.h"

namespace greffe::catalog_tool {
namespace {

// One empty name is no producer at all.
Result<std::optional<std::vector<std::string>>> producers_of(const std::vector<std::string>& given) {
  if (given.empty()) return std::nullopt;
  if (given == std::vector<std::string>{""}) return std::vector<std::string>{};
  for (auto name = given.begin(); name != given.end(); ++name)
    if (name->empty() || std::find(given.begin(), name, *name) != name)
      return fail(ErrorKind::Usage, "--producer \"{}\": each has a name, and is given once", *name);
  return given;
}

// "ID=NAME": the name may hold anything, the id no '='.
Result<custody::MeetingEdit> edit_of(const Options& options) {
  custody::MeetingEdit edit{.title = options.title};
  for (const std::string& given : options.names) {
    const auto equals = given.find('=');
    if (equals == std::string::npos || equals == 0)
      return fail(ErrorKind::Usage, "--name {}: expected ID=NAME", given);
    edit.names[given.substr(0, equals)] = given.substr(equals + 1);
  }
  GREFFE_TRY(edit.producers, producers_of(options.producers));
  if (!edit.title && edit.names.empty() && !edit.producers)
    return fail(ErrorKind::Usage, "edit: nothing to change; give --title, --name or --producer");
  return edit;
}

Status load_lines(catalog::Catalog& catalog, std::istream& lines) {
  return catalog::load(catalog, [&]() -> Result<std::optional<std::string>> {
    std::string line;
    const bool read = static_cast<bool>(std::getline(lines, line));
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    if (read) return line;
    if (lines.bad()) return fail("cannot be read");
    return std::nullopt;
  });
}

// A catalog with meetings in it is never loaded over.
Status check_is_free(const Path& file, const Options& options) {
  if (!std::filesystem::exists(file)) return {};
  GREFFE_TRY(const catalog::Catalog there,
             catalog::Catalog::open_read_only(file, {.lock_wait = options.lock_wait}));
  GREFFE_TRY(const auto counts, there.row_counts());
  if (counts.at("meetings") > 0)
    return fail("{}: there is a catalog with {} meetings; move it away first", file.string(),
                counts.at("meetings"));
  return {};
}

// A zone that does not exist would show only when a retention date is worked out.
Status check_time_zone(const std::string& zone) {
  const Path zones = "/usr/share/zoneinfo";
  if (!std::filesystem::is_directory(zones)) return {};
  if (!is_safe_relative(zone) || !std::filesystem::is_regular_file(zones / zone))
    return fail(ErrorKind::Usage, "--time-zone {}: not a name such as Europe/Paris", zone);
  return {};
}

}  // namespace

Result<int> init(const Options& options) {
  if (options.archive.empty())
    return fail(ErrorKind::Usage, "where? Give --archive DIR or set GREFFE_ARCHIVE");
  if (std::filesystem::exists(Path(options.archive) / "archive.json")) {
    GREFFE_TRY(const catalog::Archive archive, catalog::Archive::open(options.archive));
    log::warning("{}: an archive already; nothing was changed", archive.root().string());
    return cli::Done;
  }
  GREFFE_CHECK(check_time_zone(options.time_zone));
  const catalog::ArchiveDescription description{
      .id = catalog::random_archive_id(), .owner = options.owner, .policy_time_zone = options.time_zone};
  GREFFE_TRY(
      const catalog::Archive archive,
      custody::create_archive(options.archive, description, options.actor, options.now, options.lock_wait));
  log::info("{}: archive {}", archive.root().string(), archive.description().id);
  return cli::Done;
}

Result<int> edit(const Options& options) {
  GREFFE_TRY(const custody::MeetingEdit wanted, edit_of(options));
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const std::string id, archive.find_meeting(options.meeting));
  DamageLog damage;
  GREFFE_TRY(const bool changed, custody::edit_meeting(archive, id, wanted, options.actor, options.now,
                                                       options.lock_wait, damage));
  if (!changed) log::info("{}: was so already", id);
  return cli::report_damage(damage);
}

Result<int> back_up(const Options& options) {
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  if (std::filesystem::exists(options.file)) return fail("{}: is there already", options.file);
  GREFFE_CHECK(catalog.back_up(options.file));
  return cli::Done;
}

Result<int> dump(const Options& options) {
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  bool read = true;
  const Status dumped = catalog::dump(catalog, [&](std::string_view line) -> Status {
    read = cli::print(line) && cli::print("\n");
    return read ? Status() : Status(fail("standard output: write failed"));
  });
  // Where nobody reads any more, the exit code says so; it is no failure of the catalog.
  if (!dumped && read) return tl::unexpected(dumped.error());
  return cli::Done;
}

Result<int> load(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const FileLock lock, FileLock::acquire(archive.archive_lock(), options.lock_wait));
  GREFFE_CHECK(check_is_free(archive.catalog_file(), options));
  GREFFE_TRY(const Path made, custody::new_catalog_file(archive));
  {
    GREFFE_TRY(catalog::Catalog catalog, catalog::Catalog::create(made, {.lock_wait = options.lock_wait}));
    std::ifstream file;
    if (options.file != "-") {
      GREFFE_CHECK(open_input(options.file));
      file.open(options.file);
    }
    const Status loaded = load_lines(catalog, options.file == "-" ? std::cin : file);
    if (!loaded) return fail_within(options.file, loaded);
    GREFFE_CHECK(catalog.settle());
    GREFFE_CHECK(catalog.check());
    GREFFE_CHECK(catalog.seize());
  }
  GREFFE_CHECK(custody::swap_in_catalog(archive, made, options.lock_wait));
  return cli::Done;
}

Result<int> rebuild(const Options& options, ProgressSink& progress) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  DamageLog damage;
  GREFFE_TRY(const custody::RebuildCount count,
             custody::rebuild_catalog(archive, acting_of(options), damage, progress));
  log::info("{} meetings entered, {} of them as they were in the old catalog, {} skipped", count.meetings,
            count.kept, count.skipped);
  return cli::report_damage(damage);
}

}  // namespace greffe::catalog_tool
