// manifest-sha256.txt: the files of a folder with their digests, as `sha256sum -c` reads it.
#pragma once

#include <map>
#include <string>
#include <string_view>

#include "fixity/digest.h"

namespace greffe::fixity {

// The manifest's name in a meeting folder.
inline constexpr const char* ManifestName = "manifest-sha256.txt";

// Names are safe relative paths (R70) without control characters or backslashes, which sha256sum would
// escape; each stands once. Kept and written in the order of their bytes.
class Manifest {
 public:
  // Refuses a name that is not allowed or is already there.
  Status add(std::string_view name, const Digest& digest);

  const Digest* find(std::string_view name) const;
  std::size_t size() const { return digests_.size(); }
  bool empty() const { return digests_.empty(); }
  auto begin() const { return digests_.begin(); }
  auto end() const { return digests_.end(); }
  bool operator==(const Manifest&) const = default;

  // One line per file: 64 hex digits, two blanks, the name.
  std::string text() const;
  // Reads exactly what text() writes, in any order. The message of a failure names the line.
  static Result<Manifest> parse(std::string_view text);

 private:
  std::map<std::string, Digest, std::less<>> digests_;
};

Result<Manifest> read_manifest(const Path& path);

}  // namespace greffe::fixity
