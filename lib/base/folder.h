// What lies in a folder. No link that lies in one is followed.
#pragma once

#include <string>
#include <system_error>
#include <vector>

#include "base/file.h"
#include "base/result.h"

namespace greffe {

struct FolderEntry {
  enum class Kind : std::uint8_t { File, Folder, Link, Other };
  std::string name;
  Kind kind = Kind::Other;
};

// All that lies directly in `folder`, sorted by the bytes of its name, so that what is said of it does not
// depend on the file system. An entry that goes while it is read is left out.
Result<std::vector<FolderEntry>> list_folder(const Path& folder);
// The same; nothing where the folder is not there.
Result<std::vector<FolderEntry>> list_folder_if_any(const Path& folder);

// For callers with words of their own: fills `entries` with what could be read before the error.
std::error_code read_folder(const Path& folder, std::vector<FolderEntry>& entries);

// Calls `visit` with each entry below `folder` and its path relative to it, folders before what is in them.
// What lies below an entry for which it returns false is passed over.
using FolderVisitor = std::function<Result<bool>(const Path& path, const FolderEntry& entry)>;
Status walk_folder(const Path& folder, const FolderVisitor& visit);

// Paths of all regular files below `folder`, relative to it, sorted by bytes; without what lies below the
// folder `but`, relative to it as well.
Result<std::vector<Path>> files_below(const Path& folder, const Path& but = {});

// Names of the folders directly in `folder`, sorted by bytes; none where that is not there.
Result<std::vector<std::string>> folder_names(const Path& folder);

}  // namespace greffe
