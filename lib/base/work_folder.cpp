#include "base/work_folder.h"

#include <cstdlib>
#include <filesystem>
#include <string>

#include "base/log.h"

namespace greffe {

Result<std::unique_ptr<WorkFolder>> WorkFolder::create() {
  std::error_code failed;
  const Path base = std::filesystem::temp_directory_path(failed);
  if (failed) return fail("no folder for temporary files: {}", failed.message());
  std::string name = (base / "greffe-XXXXXX").string();
  if (!::mkdtemp(name.data())) return fail_errno(name);
  return std::unique_ptr<WorkFolder>(new WorkFolder(name));
}

WorkFolder::~WorkFolder() {
  if (const Status removed = remove_tree(path_); !removed) log::warning("{}", removed.error().message());
}

}  // namespace greffe
