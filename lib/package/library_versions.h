// What the room was built with, for --version.
#pragma once

#include "base/library_version.h"

namespace greffe::package {

LibraryVersions library_versions();

}  // namespace greffe::package
