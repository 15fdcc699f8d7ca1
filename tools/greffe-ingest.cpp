// greffe-ingest: dumps of one meeting → meeting folder and catalog rows.
#include <algorithm>
#include <chrono>
#include <cstdio>

#include "base/log.h"
#include "catalog/archive.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "custody/create_archive.h"
#include "flow/ingest.h"
#include "flow/ingest_into.h"
#include "flow/library_versions.h"
#include "flow/own_record.h"
#include "shared/extmap_option.h"

namespace greffe {
namespace {

struct Options {
  std::string archive;
  std::vector<std::string> sources;
  bool create = false;
  bool split = false;
  std::optional<std::string> into;
  std::optional<std::string> record_of;
  std::string title;
  std::string meeting_class;
  std::optional<std::string> start;
  std::optional<std::string> settle;
  std::vector<std::string> extmap;
  std::chrono::milliseconds lock_wait{};
  int jobs = 0;
};

Result<flow::IngestOptions> ingest_options(const Options& options, int argc, const char* const* argv) {
  flow::IngestOptions ingest{.lock_wait = options.lock_wait,
                             .actor = journal::actor_of_process(argc, argv),
                             .now = WallTime(std::chrono::system_clock::now().time_since_epoch()),
                             .jobs = static_cast<unsigned>(options.jobs)};
  if (options.start) {
    const auto start = parse_rfc3339(*options.start);
    if (!start) return fail(ErrorKind::Usage, "--start: {}", start.error().message());
    ingest.start = *start;
  }
  if (options.settle) {
    GREFFE_TRY(ingest.settle, cli::parse_duration(*options.settle));
  }
  return ingest;
}

Result<catalog::Archive> open_archive(const Options& options, const flow::IngestOptions& ingest) {
  auto archive = catalog::Archive::open(options.archive);
  const bool missing = !archive && archive.error().kind() == ErrorKind::NoArchive &&
                       !std::filesystem::exists(Path(options.archive) / "archive.json");
  if (!options.create || !missing) return archive;
  return custody::create_archive(options.archive, {}, ingest.actor, ingest.now, ingest.lock_wait);
}

Status check(const Options& options) {
  if (options.archive.empty())
    return fail(ErrorKind::Usage, "no archive: give --archive DIR or set GREFFE_ARCHIVE");
  if (options.record_of && (options.into || options.split || !options.extmap.empty()))
    return fail(ErrorKind::Usage, "--record-of goes with neither --into, --split nor --extmap");
  if (!options.record_of && !(options.title.empty() && options.meeting_class.empty()))
    return fail(ErrorKind::Usage,
                "--title and --class go with --record-of; of a meeting its meeting.json says them");
  return {};
}

Result<std::vector<intake::MeetingSource>> find_sources(const Options& options) {
  const std::vector<Path> paths(options.sources.begin(), options.sources.end());
  if (options.record_of) {
    GREFFE_TRY(const auto archive, catalog::Archive::open(options.archive));
    GREFFE_TRY(intake::MeetingSource source,
               flow::describe_own_record(archive, {.meeting = *options.record_of,
                                                   .files = paths,
                                                   .title = options.title,
                                                   .meeting_class = options.meeting_class}));
    return std::vector<intake::MeetingSource>{std::move(source)};
  }
  GREFFE_TRY(const auto extmap, parse_extmap(options.extmap));
  auto sources = intake::find_meetings(
      paths, {.split = options.split, .extmap = extmap, .jobs = static_cast<unsigned>(options.jobs)});
  // Beside good files a bad one is damage; a source of which nothing can be made has failed.
  if (!sources && sources.error().kind() == ErrorKind::Damaged)
    return tl::unexpected(Error(sources.error().message()));
  return sources;
}

Result<int> run(const Options& options, const cli::CommonOptions& common, int argc, const char* const* argv) {
  GREFFE_TRY(const flow::IngestOptions ingest, ingest_options(options, argc, argv));
  GREFFE_CHECK(check(options));
  GREFFE_TRY(const auto sources, find_sources(options));
  GREFFE_TRY(const auto archive, open_archive(options, ingest));
  const auto progress = cli::make_progress(common);
  int code = cli::Done;
  for (const intake::MeetingSource& source : sources) {
    for (const std::string& warning : source.warnings) log::warning("{}: {}", source.place, warning);
    const auto done = options.into ? flow::ingest_into(archive, *options.into, source, ingest, *progress)
                                   : flow::ingest(archive, source, ingest, *progress);
    if (!done) {
      if (sources.size() == 1) return tl::unexpected(done.error());
      log::error("{}", done.error().message());
      code = std::max(code, cli::exit_code_of(done.error()));
      continue;
    }
    if (done->already_there) log::info("{}: already there", done->id);
    cli::print(fmt::format("{}\n", done->id));
    code = std::max(code, cli::report_damage(done->damage));
  }
  return code;
}

}  // namespace
}  // namespace greffe

int main(int argc, char** argv) {
  using namespace greffe;
  Options options;
  cli::CommandLine command_line("greffe-ingest",
                                "Takes the dumps of a meeting into an archive and prints the meeting's id",
                                flow::library_versions);
  command_line.archive_option(options.archive)
      .arguments("SOURCE", options.sources,
                 "A folder, a meeting.json, or the dump files (.mjr, rtpdump, pcap, pcapng) of one meeting; "
                 "with --record-of any files")
      .flag("--create", options.create, "Make the archive if there is none")
      .option("--into", options.into, "MEETING", "Add the tracks to this meeting")
      .option("--record-of", options.record_of, "MEETING",
              "Keep the files, such as validated minutes of this meeting, as a record of their own")
      .option("--title", options.title, "TEXT",
              "With --record-of: its title; by default the first file's name")
      .option("--class", options.meeting_class, "NAME", "With --record-of: its records class")
      .option("--start", options.start, "TIME",
              "When the meeting began (RFC 3339); by default when its first packet arrived")
      .option("--extmap", options.extmap, "ID=URI",
              "A header extension the dumps do not name; may be repeated")
      .flag("--split", options.split, "Take several meetings found in one source one by one")
      .option("--settle", options.settle, "TIME", "Refuse files written less than TIME ago, such as 60s")
      .option("--jobs", options.jobs, 0, 64, "N",
              "Files read side by side; the result is the same for any number")
      .lock_wait_option(options.lock_wait)
      .footer(
          "Exit status: 0 done, 1 failed, nothing changed, 3 done with damage, 6 busy, 7 no archive.\n"
          "More in greffe-ingest(1).");
  return cli::run("greffe-ingest", [&]() -> Result<int> {
    if (const auto code = command_line.parse(argc, argv)) return *code;
    return run(options, command_line.common(), argc, argv);
  });
}
