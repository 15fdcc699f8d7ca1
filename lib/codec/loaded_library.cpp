#include "codec/loaded_library.h"

#include <link.h>

#include <filesystem>

namespace greffe::codec {
namespace {

struct Wanted {
  std::string beginning;
  std::string version;
};

int look_at(dl_phdr_info* library, std::size_t, void* data) {
  Wanted& wanted = *static_cast<Wanted*>(data);
  std::error_code error;
  // The name is a link that has the first number only.
  const auto file = std::filesystem::canonical(library->dlpi_name, error);
  const std::string name = error ? "" : file.filename().string();
  if (!name.starts_with(wanted.beginning)) return 0;
  wanted.version = name.substr(wanted.beginning.size());
  return 1;
}

}  // namespace

std::string loaded_version(std::string_view stem) {
  Wanted wanted{std::string(stem) + ".so.", {}};
  dl_iterate_phdr(look_at, &wanted);
  return wanted.version;
}

}  // namespace greffe::codec
