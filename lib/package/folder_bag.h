// A bag that is a folder.
#pragma once

#include "package/bag_contents.h"

namespace greffe::package {

Result<std::unique_ptr<BagContents>> open_folder_bag(const Path& folder);

}  // namespace greffe::package
