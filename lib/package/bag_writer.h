// The tag files of a bag of version 1.0 around its payload: what stands before it and behind it.
#pragma once

#include <map>
#include <string>

#include "package/bag_info.h"
#include "package/package_sink.h"

namespace greffe::package {

// The list that names all tag files, the lists of the payload among them.
inline constexpr std::string_view LastTagManifest = "tagmanifest-sha512.txt";

struct PayloadDigests {
  std::string sha256;
  std::string sha512;
};

// A bag being written. Its files come in the order of their names: bag-info.txt, bagit.txt, the payload,
// which the caller writes to the sink, manifests, other tag files, tag manifests.
struct BagDraft {
  std::string name;                               // of its folder; empty where the sink is that folder
  BagInfo info;                                   // checked labels
  std::map<std::string, std::string> tags;        // other tag files, below metadata/
  std::map<std::string, PayloadDigests> payload;  // "data/…", complete when write_tail is called

  // The path of a file in the sink.
  std::string path_of(const std::string& file) const { return name.empty() ? file : name + "/" + file; }
};

Status write_head(const BagDraft& bag, PackageSink& sink);
// The text of tagmanifest-sha512.txt, by which the whole bag is known.
Result<std::string> write_tail(const BagDraft& bag, PackageSink& sink);

// Two names of a payload that fall together where case or normalization do not count, "" where none do: such
// a bag is not made.
std::string find_twins(const std::map<std::string, PayloadDigests>& payload);

}  // namespace greffe::package
