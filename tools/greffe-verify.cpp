// greffe-verify: shows that an archive is what it was, or what of it is not.
#include <algorithm>
#include <array>
#include <chrono>

#include "catalog/connection.h"
#include "cli/program.h"
#include "fixity/library_versions.h"
#include "greffe-verify/verbs.h"
#include "shared/named_archive.h"

namespace greffe::verify_tool {
namespace {

// All verbs, in the order of --help.
std::vector<std::unique_ptr<Verb>> make_verbs() {
  std::vector<std::unique_ptr<Verb>> verbs;
  verbs.push_back(files_verb());
  verbs.push_back(journal_verb());
  verbs.push_back(catalog_verb());
  verbs.push_back(proof_verb());
  verbs.push_back(render_verb());
  return verbs;
}

LibraryVersions library_versions() {
  LibraryVersions versions = catalog::library_versions();
  const LibraryVersions more = fixity::library_versions();
  versions.insert(versions.end(), more.begin(), more.end());
  return versions;
}

Result<int> run(int argc, char** argv) {
  Options options;
  std::optional<std::string> as_of;
  cli::CommandLine command("greffe-verify", "Shows that an archive is what it was, or what of it is not.",
                           library_versions);
  command.archive_option(options.archive);
  command.flag("--json", options.json, "One JSON document with its schema");
  command.option("--as-of", as_of, "TIME", "As if it were then; RFC 3339");
  const auto verbs = make_verbs();
  for (const auto& verb : verbs) verb->define(command);
  if (const auto code = command.parse(argc, argv)) return *code;
  options.common = command.common();
  options.now = WallTime(std::chrono::system_clock::now().time_since_epoch());
  if (as_of) {
    const auto time = parse_rfc3339(*as_of);
    if (!time) return fail(ErrorKind::Usage, "--as-of: {}", time.error().message());
    options.now = *time;
  }
  const auto chosen = std::find_if(verbs.begin(), verbs.end(),
                                   [&](const auto& verb) { return verb->name() == command.chosen_verb(); });
  return (*chosen)->run(options);
}

}  // namespace

Result<catalog::Archive> open_archive(const Options& options) { return open_named_archive(options.archive); }

}  // namespace greffe::verify_tool

int main(int argc, char** argv) {
  return greffe::cli::run("greffe-verify", [&] { return greffe::verify_tool::run(argc, argv); });
}
