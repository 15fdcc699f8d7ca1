// Which version of OpenSSL this program runs with.
#pragma once

#include "base/library_version.h"

namespace greffe::fixity {

LibraryVersions library_versions();

}  // namespace greffe::fixity
