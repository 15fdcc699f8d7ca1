// A meeting folder in the making: out of sight until it is whole and on the disk.
#pragma once

#include <mutex>
#include <set>
#include <string>

#include "base/file.h"
#include "fixity/manifest.h"
#include "intake/source_files.h"
#include "json/stream_writer.h"

namespace greffe::intake {

// Unless published, everything is removed with the object. Paths are relative to the folder. copy() and
// adopt() may run in several threads at once.
class MeetingStage {
 public:
  // Removes what an interrupted run left under this name.
  static Result<MeetingStage> create(const Path& folder);
  MeetingStage(MeetingStage&& other) noexcept;
  MeetingStage& operator=(MeetingStage&&) = delete;
  ~MeetingStage();

  const Path& folder() const { return folder_; }

  // Copies what was hashed of a file: it may have grown since then, but not changed (R76).
  Status copy(const SourceFile& source, const std::string& path);
  Status write(const std::string& path, std::string_view text);
  // The same of text that `give` hands over piece by piece.
  Status write(const std::string& path, const std::function<Status(const json::Sink&)>& give);
  // A file that was written into the folder.
  Status adopt(const std::string& path, const fixity::Digest& digest);
  // Takes in a file that was written elsewhere on the same file system. It must have this digest.
  Status take_in(AtomicFile file, const fixity::Digest& digest, const std::string& path);
  // Takes over what a published folder has, by hard links, but the manifest and the files of `rewritten`,
  // which are to be written anew, and chunks of films, into which others may be writing.
  Status take_over(const Path& published, const std::set<std::string>& rewritten);
  // A file name for `wanted` in `subfolder` that is not taken yet: "dumps/a.mjr", then "dumps/a-2.mjr".
  std::string free_path(const std::string& subfolder, const std::string& wanted);

  // Writes the manifest and syncs everything. Returns the manifest's digest.
  Result<fixity::Digest> finish();
  // Gives the folder its name. finish() comes first.
  Status publish(const Path& final_folder);
  // Puts the folder in the place of a published one, in one step, and gives it that one's chunks of films;
  // discard() then removes that one.
  Status replace(const Path& published);
  Status discard();

 private:
  explicit MeetingStage(Path folder) : folder_(std::move(folder)) {}

  Path folder_;
  std::mutex entering_;  // of manifest_
  fixity::Manifest manifest_;
  std::set<std::string> taken_;
};

}  // namespace greffe::intake
