// Whether a bag of anybody holds to RFC 8493, version 0.93 to 1.0: complete, unchanged, and nothing in it
// that leads elsewhere.
#pragma once

#include "base/progress.h"
#include "package/bag_contents.h"
#include "package/bag_finding.h"
#include "package/bag_info.h"

namespace greffe::package {

struct BagCheck {
  BagVersion version;
  std::string encoding;                 // as bagit.txt names it
  std::vector<std::string> algorithms;  // of payload manifests, "sha512"
  std::uint64_t files = 0;              // of the payload, as they are there
  std::uint64_t bytes = 0;
  BagInfo info;
  BagFindings findings;

  bool is_valid() const { return findings.gravest() == Grade::Warning; }
};

// What is read of a bag, whoever made it; more is a finding. A bag of a million files with two manifests is
// within them.
struct BagLimits {
  std::uint64_t tag_bytes = 512u << 20;  // of all tag files that are read, together
  std::uint64_t info_bytes = 4u << 20;   // of bagit.txt and bag-info.txt, each
  std::size_t lines = 4'000'000;         // of all manifests and fetch.txt together
};

// Every mistake is a finding; fails only where the bag cannot be read at all, or when asked to stop. What
// fetch.txt names is not fetched. Memory is that of the names in the bag and of what the limits let in.
Result<BagCheck> check_bag(BagContents& contents, ProgressSink& progress, const BagLimits& limits = {});

}  // namespace greffe::package
