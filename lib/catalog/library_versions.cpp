#include "catalog/library_versions.h"

#include <sqlite3.h>

namespace greffe::catalog {

LibraryVersions library_versions() { return {{"SQLite", sqlite3_libversion()}}; }

}  // namespace greffe::catalog
