// A bag in one file: tar or zip, read as it stands there, never unpacked.
#pragma once

#include "package/bag_contents.h"

namespace greffe::package {

Result<std::unique_ptr<BagContents>> open_packed_bag(const Path& file);

}  // namespace greffe::package
