// Any bytes as a file of another platform: opened, and every frame read.
#include <sys/mman.h>
#include <unistd.h>

#include <cstdlib>

#include "container/file_end.h"
#include "container/media_file.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace greffe;
  const File file(::memfd_create("fuzz", MFD_CLOEXEC));
  if (!file.is_open() || !write_all(file, Bytes(data, size), "fuzz")) std::abort();
  const Path path = fmt::format("/proc/self/fd/{}", file.descriptor());
  for (const char* format : {"matroska", "ogg"}) static_cast<void>(container::find_missing_end(path, format));
  auto opened = container::MediaFile::open(path);
  if (!opened) return 0;
  static_cast<void>(opened->begun());
  // A file of n bytes has not many more frames than bytes; laced and damaged ones are given some more.
  for (std::size_t frames = 0; frames <= 4 * size + 1024; ++frames) {
    const auto frame = opened->next();
    if (!frame || !*frame) return 0;
    if ((*frame)->frame.bytes.empty() || (*frame)->frame.bytes.size() > size + 1024) std::abort();
  }
  std::abort();
}
