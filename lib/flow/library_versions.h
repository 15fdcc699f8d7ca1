// The versions of all libraries that take part: for --version and receipts.
#pragma once

#include "base/library_version.h"

namespace greffe::flow {

LibraryVersions library_versions();

}  // namespace greffe::flow
