#include "package/library_versions.h"

#include <archive.h>
#include <utf8proc.h>

namespace greffe::package {

LibraryVersions library_versions() {
  std::string archive = archive_version_string();  // "libarchive 3.6.2"
  if (const auto blank = archive.find(' '); blank != std::string::npos) archive.erase(0, blank + 1);
  return {{"libarchive", archive}, {"utf8proc", utf8proc_version()}};
}

}  // namespace greffe::package
