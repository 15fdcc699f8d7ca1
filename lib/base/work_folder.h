// Room for what nobody keeps.
#pragma once

#include <memory>

#include "base/file.h"

namespace greffe {

// A folder below the system's for temporary files ($TMPDIR), readable by its owner only, removed with this
// object.
class WorkFolder {
 public:
  static Result<std::unique_ptr<WorkFolder>> create();
  ~WorkFolder();
  WorkFolder(const WorkFolder&) = delete;
  WorkFolder& operator=(const WorkFolder&) = delete;
  const Path& path() const { return path_; }

 private:
  explicit WorkFolder(Path path) : path_(std::move(path)) {}
  Path path_;
};

}  // namespace greffe
