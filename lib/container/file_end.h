// Whether a file of another platform goes on to its end, by how it is built.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"

namespace greffe::container {

struct MissingEnd {
  std::uint64_t bytes = 0;  // at least so many; 0 where nothing tells
  std::string why;          // for people: "its last cluster goes on behind the end of the file"
};

// `format` as find_container() names it. Of Matroska an element that goes on behind the end of the file, of
// Ogg a page that does, or a stream whose last page is not marked as its last (RFC 3533 §6). nullopt for a
// file that is whole as far as that tells, and where something in it cannot be read: a live Matroska file
// that ends between two frames, an Ogg file that was overwritten. Says nothing of MP4, whose head names every
// frame.
Result<std::optional<MissingEnd>> find_missing_end(const Path& path, std::string_view format);

}  // namespace greffe::container
