// Which version of libavformat this program runs with.
#pragma once

#include "base/library_version.h"

namespace greffe::container {

LibraryVersions library_versions();

}  // namespace greffe::container
