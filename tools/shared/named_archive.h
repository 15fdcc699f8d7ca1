// The archive of --archive or GREFFE_ARCHIVE.
#pragma once

#include <string>

#include "catalog/archive.h"

namespace greffe {

inline Result<catalog::Archive> open_named_archive(const std::string& folder) {
  if (folder.empty())
    return fail(ErrorKind::Usage, "which archive? Give --archive DIR or set GREFFE_ARCHIVE");
  return catalog::Archive::open(folder);
}

}  // namespace greffe
