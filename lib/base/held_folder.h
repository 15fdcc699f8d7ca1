// A folder that stays in reach when it, or one above it, gets another name.
#pragma once

#include "base/file.h"

namespace greffe {

class HeldFolder {
 public:
  // It must be there.
  static Result<HeldFolder> open(const Path& folder);

  // For paths below it: of use to this process only, and as long as this object lives. Where the system has
  // no such names, the folder's own.
  const Path& path() const { return held_; }
  // A failure that names the folder as people know it.
  Error named(const Error& error) const;

 private:
  HeldFolder(Path name, File file, Path held)
      : name_(std::move(name)), file_(std::move(file)), held_(std::move(held)) {}

  Path name_;
  File file_;
  Path held_;
};

}  // namespace greffe
