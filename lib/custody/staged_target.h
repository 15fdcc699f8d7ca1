// A file or folder that appears under its name whole or not at all, wherever people want it.
#pragma once

#include "base/file.h"
#include "catalog/archive.h"

namespace greffe::custody {

// A folder beside `target` under a temporary name, in which it is made. Dropped without commit(), it leaves
// nothing.
class StagedTarget {
 public:
  // `target` is absolute and not there; its folder is. What killed runs left of it is removed.
  static Result<StagedTarget> create(const Path& target);
  StagedTarget(StagedTarget&& other) noexcept;
  StagedTarget& operator=(StagedTarget&&) = delete;
  ~StagedTarget();

  // Where it is to be made; not there yet.
  Path made() const { return folder_ / target_.filename(); }
  // Gives what was made, and was synced, its name. Fails where somebody else has taken the name meanwhile.
  Status commit();

 private:
  StagedTarget(Path target, Path folder, File lock)
      : target_(std::move(target)), folder_(std::move(folder)), lock_(std::move(lock)) {}

  Path target_;
  Path folder_;
  File lock_;  // goes with the process
};

// Fails where the file system of `folder` has less room than that, with both numbers.
Status check_room(const Path& folder, std::uint64_t bytes);

// ErrorKind::Usage for a path within the archive.
Status check_not_within(const catalog::Archive& archive, const Path& path);

}  // namespace greffe::custody
