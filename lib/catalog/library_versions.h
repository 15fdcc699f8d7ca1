// Which version of SQLite this program runs with.
#pragma once

#include "base/library_version.h"

namespace greffe::catalog {

LibraryVersions library_versions();

}  // namespace greffe::catalog
