// Which version of libpcap this program runs with.
#pragma once

#include "base/library_version.h"

namespace greffe::dump {

LibraryVersions library_versions();

}  // namespace greffe::dump
