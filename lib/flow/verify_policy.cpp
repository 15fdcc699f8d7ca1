#include "flow/verify_policy.h"

#include <algorithm>
#include <map>
#include <string>

#include "fixity/digest.h"
#include "journal/journal.h"

namespace greffe::flow {
namespace {

using journal::Finding;

constexpr std::string_view Folder = "policy/";

struct JournaledFile {
  std::vector<fixity::Digest> digests;  // of what was done, else of every attempt
  bool done = false;
};

// What the journal tells of the files of policy/. A broken journal is told by verify_journal; what comes
// before the break counts.
Result<std::map<std::string, JournaledFile>> journaled_files(const catalog::Archive& archive) {
  std::map<std::string, JournaledFile> files;
  GREFFE_TRY(journal::JournalReader reader, journal::JournalReader::open(archive.journal_folder()));
  while (true) {
    const auto entry = reader.next();
    if (!entry && entry.error().kind() != ErrorKind::Integrity) return tl::unexpected(entry.error());
    if (!entry || !*entry) return files;
    for (const journal::FileChange& change : (*entry)->event.files) {
      if (!change.file.starts_with(Folder) || !change.after) continue;
      JournaledFile& file = files[change.file];
      if (file.done) continue;  // written once
      file.done = (*entry)->event.outcome == "done";
      if (file.done) file.digests.clear();
      file.digests.push_back(*change.after);
    }
  }
}

}  // namespace

Result<std::vector<journal::Finding>> verify_policy_files(const catalog::Archive& archive) {
  std::vector<Finding> found;
  std::error_code missing;
  std::vector<Path> there;  // listed first: whatever is there now was journaled before
  if (std::filesystem::exists(archive.policy_folder(), missing)) {
    GREFFE_TRY(there, files_below(archive.policy_folder()));
  }
  GREFFE_TRY(const auto journaled, journaled_files(archive));
  for (const auto& [name, file] : journaled) {
    std::error_code error;
    if (!std::filesystem::exists(archive.root() / name, error)) {
      if (file.done) found.push_back({reason::MissingPolicyFile, name, "the journal tells of it"});
      continue;
    }
    const auto digest = fixity::digest_of_file(archive.root() / name);
    if (!digest) {
      found.push_back({reason::OtherPolicyFile, name, digest.error().message()});
    } else if (std::find(file.digests.begin(), file.digests.end(), digest->digest) == file.digests.end()) {
      found.push_back({reason::OtherPolicyFile, name,
                       "is not the one that the journal tells of: SHA-256 " + digest->digest.hex()});
    }
  }
  for (const Path& file : there) {
    const std::string name = std::string(Folder) + file.string();
    if (file.extension() == ".json" && !file.filename().string().starts_with('.') &&
        !journaled.contains(name))
      found.push_back({reason::OtherPolicyFile, name, "the journal tells nothing of it"});
  }
  return found;
}

}  // namespace greffe::flow
