// The head of an element in an EBML file (RFC 8794 §4 to §6).
#pragma once

#include <cstdint>
#include <optional>

#include "base/file.h"

namespace greffe::container {

struct EbmlElement {
  std::uint32_t id = 0;               // with its length marker; 0 where the file ends in its head
  std::uint64_t content = 0;          // where it begins in the file
  std::optional<std::uint64_t> size;  // of the content; none where it is not known (live files)
};

// Of the element at `at`, be it longer than the file. nullopt where there is none.
Result<std::optional<EbmlElement>> find_element(const InputFile& file, std::uint64_t at, const Path& path);

}  // namespace greffe::container
