#include "base/held_folder.h"

#include <fcntl.h>

namespace greffe {

Result<HeldFolder> HeldFolder::open(const Path& folder) {
  File file(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!file.is_open()) return fail_errno(folder.string());
  Path held = fmt::format("/proc/self/fd/{}", file.descriptor());
  std::error_code error;
  if (!std::filesystem::equivalent(held, folder, error)) held = folder;
  return HeldFolder(folder, std::move(file), std::move(held));
}

Error HeldFolder::named(const Error& error) const {
  std::string message = error.message();
  const std::string held = held_.string() + "/";
  for (std::size_t at = 0; held_ != name_ && (at = message.find(held, at)) != std::string::npos;
       at += name_.string().size())
    message.replace(at, held.size() - 1, name_.string());
  return Error(std::move(message), error.kind());
}

}  // namespace greffe
