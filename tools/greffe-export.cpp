// greffe-export: makes packages of meetings, checks those of anybody, and tells which were made.
#include <algorithm>
#include <chrono>

#include "catalog/connection.h"
#include "cli/program.h"
#include "fixity/library_versions.h"
#include "greffe-export/verbs.h"
#include "package/library_versions.h"
#include "shared/named_archive.h"

namespace greffe::export_tool {
namespace {

// All verbs, in the order of --help.
std::vector<std::unique_ptr<Verb>> make_verbs() {
  std::vector<std::unique_ptr<Verb>> verbs;
  verbs.push_back(make_verb());
  verbs.push_back(check_verb());
  verbs.push_back(list_verb());
  return verbs;
}

LibraryVersions library_versions() {
  LibraryVersions versions = catalog::library_versions();
  for (const LibraryVersions& more : {fixity::library_versions(), package::library_versions()})
    versions.insert(versions.end(), more.begin(), more.end());
  return versions;
}

Result<int> run(int argc, char** argv) {
  Options options;
  cli::CommandLine command("greffe-export", "Makes packages of meetings, and checks those of anybody.",
                           library_versions);
  command.archive_option(options.archive).lock_wait_option(options.acting.lock_wait);
  command.flag("--json", options.json, "One JSON document with its schema");
  const auto verbs = make_verbs();
  for (const auto& verb : verbs) verb->define(command);
  command.verbs_are_optional();
  command.footer(
      "Exit status: 0 done, 1 failed or no bag, 2 usage, 3 with damage, 5 integrity, 6 busy, 7 no archive.\n"
      "More in greffe-export(1).");
  if (const auto code = command.parse(argc, argv)) return *code;
  options.common = command.common();
  options.acting.actor = journal::actor_of_process(argc, argv);
  options.acting.now = WallTime(std::chrono::system_clock::now().time_since_epoch());
  const auto chosen = std::find_if(verbs.begin(), verbs.end(),
                                   [&](const auto& verb) { return verb->name() == command.chosen_verb(); });
  return (*chosen)->run(options);
}

}  // namespace

Result<catalog::Archive> open_archive(const Options& options) { return open_named_archive(options.archive); }

}  // namespace greffe::export_tool

int main(int argc, char** argv) {
  return greffe::cli::run("greffe-export", [&] { return greffe::export_tool::run(argc, argv); });
}
