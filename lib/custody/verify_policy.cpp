#include "custody/verify_policy.h"

#include <algorithm>
#include <array>
#include <map>
#include <string>

#include "base/folder.h"
#include "fixity/digest.h"
#include "journal/journal.h"

namespace greffe::custody {
namespace {

using journal::Finding;

// A folder of files that are written once.
struct Kind {
  std::string_view folder;
  std::string_view missing, other;  // reasons
};
constexpr std::array Kinds{Kind{"policy/", reason::MissingPolicyFile, reason::OtherPolicyFile},
                           Kind{"queries/", reason::MissingQueryFile, reason::OtherQueryFile},
                           Kind{"exports/", reason::MissingExportFile, reason::OtherExportFile},
                           Kind{"disposals/", reason::MissingDisposalFile, reason::OtherDisposalFile}};

struct JournaledFile {
  std::vector<fixity::Digest> digests;  // of what was done, else of every attempt
  bool done = false;
};

// What the journal tells of the files of these folders. A broken journal is told by verify_journal; what
// comes before the break counts.
Result<std::map<std::string, JournaledFile>> journaled_files(const catalog::Archive& archive) {
  std::map<std::string, JournaledFile> files;
  GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive.journal_folder()));
  while (true) {
    const auto entry = reader.next();
    if (!entry && entry.error().kind() != ErrorKind::Integrity) return tl::unexpected(entry.error());
    if (!entry || !*entry) return files;
    for (const journal::FileChange& change : (*entry)->event.files) {
      const bool is_ours = std::any_of(
          Kinds.begin(), Kinds.end(), [&](const Kind& kind) { return change.file.starts_with(kind.folder); });
      if (!is_ours || !change.after) continue;
      JournaledFile& file = files[change.file];
      if (file.done) continue;  // written once
      file.done = (*entry)->event.outcome == "done";
      if (file.done) file.digests.clear();
      file.digests.push_back(*change.after);
    }
  }
}

void compare(const catalog::Archive& archive, const Kind& kind, const std::vector<Path>& there,
             const std::map<std::string, JournaledFile>& journaled, std::vector<Finding>& found) {
  for (const auto& [name, file] : journaled) {
    if (!name.starts_with(kind.folder)) continue;
    std::error_code error;
    if (!std::filesystem::exists(archive.root() / name, error)) {
      if (file.done) found.push_back({kind.missing, name, "the journal tells of it"});
      continue;
    }
    const auto digest = fixity::digest_of_file(archive.root() / name);
    if (!digest) {
      found.push_back({kind.other, name, digest.error().message()});
    } else if (std::find(file.digests.begin(), file.digests.end(), digest->digest) == file.digests.end()) {
      found.push_back(
          {kind.other, name, "is not the one that the journal tells of: SHA-256 " + digest->digest.hex()});
    }
  }
  for (const Path& file : there) {
    const std::string name = std::string(kind.folder) + file.string();
    if (file.extension() == ".json" && !file.filename().string().starts_with('.') &&
        !journaled.contains(name))
      found.push_back({kind.other, name, "the journal tells nothing of it"});
  }
}

}  // namespace

Result<std::vector<journal::Finding>> verify_policy_files(const catalog::Archive& archive) {
  std::array<std::vector<Path>, Kinds.size()> there;  // listed first: what is there now was journaled before
  for (std::size_t i = 0; i < Kinds.size(); ++i) {
    std::error_code missing;
    const Path folder = archive.root() / Kinds[i].folder;
    if (!std::filesystem::exists(folder, missing)) continue;
    GREFFE_TRY(there[i], files_below(folder));
  }
  GREFFE_TRY(const auto journaled, journaled_files(archive));
  std::vector<Finding> found;
  for (std::size_t i = 0; i < Kinds.size(); ++i) compare(archive, Kinds[i], there[i], journaled, found);
  return found;
}

}  // namespace greffe::custody
