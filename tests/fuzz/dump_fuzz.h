// Reads bytes as a dump of one format to its end, from memory.
#pragma once

#include <sys/mman.h>
#include <unistd.h>

#include <cstdint>
#include <cstdlib>
#include <memory>

#include "base/log.h"
#include "dump/open_dump.h"

namespace greffe::dump::fuzz {

// A file in memory that holds `bytes`.
inline InputFile file_of(const std::uint8_t* bytes, std::size_t size) {
  File file(::memfd_create("fuzz", MFD_CLOEXEC));
  if (!file.is_open() || !write_all(file, Bytes(bytes, size), "fuzz")) std::abort();
  const auto stamp = stamp_of(file, "fuzz");
  return InputFile{.file = std::move(file), .stamp = *stamp};
}

// Beyond what the sanitizers see: positions lie in the file and go forward, records are not longer than what
// was read, and there are fewer of them than bytes.
inline void read_to_end(InputFile input, const Selection& selection) {
  log::set_level(log::Level::Quiet);
  const std::uint64_t size = input.stamp.size;
  DamageLog damage;
  auto source = open_dump(std::move(input), "fuzz", "fuzz", damage, selection);
  if (!source) return;
  std::uint64_t count = 0, last = 0;
  volatile std::uint8_t seen = 0;
  while (true) {
    const auto record = (*source)->next();
    if (!record || !*record) break;
    const Record& r = **record;
    (*source)->flow(r.flow);
    (*source)->description(r.flow);
    for (const std::uint8_t byte : r.bytes) seen = seen ^ byte;
    if (++count > size || r.position >= size || r.position < last) std::abort();
    last = r.position;
  }
  const auto again = (*source)->next();
  if (again && *again) std::abort();
}

}  // namespace greffe::dump::fuzz
