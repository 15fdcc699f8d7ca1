// The lists of a bag: manifest-ALGORITHM.txt, tagmanifest-ALGORITHM.txt and fetch.txt (RFC 8493 §2.1.3,
// 2.2.1, 2.2.3).
#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "fixity/hasher.h"
#include "package/bag_finding.h"
#include "package/bag_text.h"

namespace greffe::package {

enum class ListKind : std::uint8_t { Payload, Tag };

// What a file at the top of a bag is, by its name.
struct ManifestName {
  ListKind kind = ListKind::Payload;
  std::string algorithm;                   // as it is written
  std::optional<fixity::Algorithm> known;  // nullopt: one that nobody here can compute
};
// nullopt: no manifest.
std::optional<ManifestName> manifest_name(std::string_view file);
// "manifest-sha512.txt", "tagmanifest-sha512.txt".
std::string manifest_file(ListKind kind, fixity::Algorithm algorithm);

struct ManifestLine {
  std::string digest;   // lower-case hex digits
  std::string path;     // decoded
  std::string written;  // as it stands there
  int number = 0;       // of the line, from 1
};

// The lines that can be used: with a digest of the right length and a path that is safe and belongs there.
// The others, and names that stand twice, are findings. Behind `most` lines nothing is read, a finding.
std::vector<ManifestLine> parse_manifest(std::string_view text, const std::string& file,
                                         const ManifestName& name, BagVersion version, std::size_t most,
                                         BagFindings& findings);
// Digests by path → the text of a manifest, in the order of the paths' bytes.
std::string manifest_text(const std::map<std::string, std::string>& digests);

inline constexpr std::string_view FetchFile = "fetch.txt";

struct FetchLine {
  std::string url;  // never followed
  std::optional<std::uint64_t> bytes;
  std::string path;
  int number = 0;
};
// As parse_manifest.
std::vector<FetchLine> parse_fetch(std::string_view text, BagVersion version, std::size_t most,
                                   BagFindings& findings);

}  // namespace greffe::package
