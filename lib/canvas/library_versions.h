// The libraries that draw: for --version and receipts.
#pragma once

#include "base/library_version.h"

namespace greffe::canvas {

LibraryVersions library_versions();

}  // namespace greffe::canvas
