#include "package/bag_contents.h"

#include "package/folder_bag.h"
#include "package/packed_bag.h"

namespace greffe::package {

Result<std::unique_ptr<BagContents>> open_bag(const Path& path) {
  std::error_code error;
  return std::filesystem::is_directory(path, error) ? open_folder_bag(path) : open_packed_bag(path);
}

}  // namespace greffe::package
