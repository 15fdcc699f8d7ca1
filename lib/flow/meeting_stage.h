// A meeting folder in the making: out of sight until it is whole and on the disk.
#pragma once

#include <set>
#include <string>

#include "base/file.h"
#include "fixity/manifest.h"

namespace greffe::flow {

// Unless published, everything is removed with the object. Paths are relative to the folder.
class MeetingStage {
 public:
  // Removes what an interrupted run left under this name.
  static Result<MeetingStage> create(const Path& folder);
  MeetingStage(MeetingStage&& other) noexcept;
  MeetingStage& operator=(MeetingStage&&) = delete;
  ~MeetingStage();

  const Path& folder() const { return folder_; }

  // Copies the first `bytes` bytes of a file, which must have this digest: it may have grown since it was
  // looked at, but not changed (R76).
  Status copy(const Path& source, std::uint64_t bytes, const fixity::Digest& digest, const std::string& path);
  Status write(const std::string& path, std::string_view text);
  // A file that a library wrote into the folder.
  Status adopt(const std::string& path);
  // Takes in a file that was written elsewhere on the same file system. It must have this digest.
  Status take_in(AtomicFile file, const fixity::Digest& digest, const std::string& path);
  // Takes over what a published folder has, by hard links, but the manifest and the files of `rewritten`,
  // which are to be written anew.
  Status take_over(const Path& published, const std::set<std::string>& rewritten);
  // A file name for `wanted` in `subfolder` that is not taken yet: "dumps/a.mjr", then "dumps/a-2.mjr".
  std::string free_path(const std::string& subfolder, const std::string& wanted);

  // Writes the manifest and syncs everything. Returns the manifest's digest.
  Result<fixity::Digest> finish();
  // Gives the folder its name. finish() comes first.
  Status publish(const Path& final_folder);
  // Puts the folder in the place of a published one, in one step; discard() then removes that one.
  Status replace(const Path& published);
  Status discard();

 private:
  explicit MeetingStage(Path folder) : folder_(std::move(folder)) {}

  Path folder_;
  fixity::Manifest manifest_;
  std::set<std::string> taken_;
};

}  // namespace greffe::flow
