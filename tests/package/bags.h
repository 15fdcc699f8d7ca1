// Bags in memory, for tests: what is in them can be spoilt in one place.
#pragma once

#include <fmt/format.h>

#include <map>
#include <string>
#include <vector>

#include "fixity/hasher.h"
#include "package/bag_contents.h"
#include "package/check_bag.h"

namespace greffe::test {

// The bytes of each file by its path, in the order of paths.
using BagFiles = std::map<std::string, std::string>;

// Contents out of memory; names may stand twice, and be of any kind.
class MemoryBag final : public package::BagContents {
 public:
  explicit MemoryBag(const BagFiles& files) {
    for (const auto& [path, bytes] : files) add(path, bytes);
  }
  void add(std::string path, std::string bytes,
           package::BagEntry::Kind kind = package::BagEntry::Kind::File) {
    entries_.push_back({.path = std::move(path), .kind = kind, .bytes = bytes.size()});
    bytes_.push_back(std::move(bytes));
  }
  void set_tops(std::vector<std::string> tops) { tops_ = std::move(tops); }

  const std::vector<package::BagEntry>& entries() const override { return entries_; }
  const std::vector<std::string>& tops() const override { return tops_; }
  Status read(const package::SinkFor& sink_for, const package::UnreadSink&) override {
    for (std::size_t at = 0; at < entries_.size(); ++at) {
      if (entries_[at].kind != package::BagEntry::Kind::File) continue;
      const package::BytesSink sink = sink_for(at);
      // In two pieces, as a file comes.
      const Bytes all(reinterpret_cast<const std::uint8_t*>(bytes_[at].data()), bytes_[at].size());
      if (sink) sink(all.first(all.size() / 2)), sink(all.subspan(all.size() / 2));
    }
    return {};
  }

 private:
  std::vector<package::BagEntry> entries_;
  std::vector<std::string> bytes_;
  std::vector<std::string> tops_;
};

inline std::string manifest_of(const BagFiles& files, bool payload,
                               fixity::Algorithm algorithm = fixity::Algorithm::Sha512) {
  std::string text;
  for (const auto& [path, bytes] : files)
    if (path.starts_with("data/") == payload && !path.starts_with("tagmanifest-"))
      text += fmt::format("{}  {}\n", fixity::hex_digest(algorithm, bytes), path);
  return text;
}

// Makes the lists of `files` anew: manifest-sha512.txt and tagmanifest-sha512.txt.
inline void seal(BagFiles& files) {
  files["manifest-sha512.txt"] = manifest_of(files, true);
  files.erase("tagmanifest-sha512.txt");
  files["tagmanifest-sha512.txt"] = manifest_of(files, false);
}

inline BagFiles good_bag(const std::string& version = "1.0") {
  BagFiles files{{"bagit.txt", "BagIt-Version: " + version + "\nTag-File-Character-Encoding: UTF-8\n"},
                 {"bag-info.txt", "Bagging-Date: 2026-11-20\nPayload-Oxum: 11.2\n"},
                 {"data/a.txt", "hello"},
                 {"data/b/c.txt", "world!"}};
  seal(files);
  return files;
}

// "reason place" of each finding, warnings in brackets.
inline std::vector<std::string> findings_of(package::BagContents& bag) {
  NoProgress progress;
  const auto check = package::check_bag(bag, progress);
  if (!check) return {check.error().message()};
  std::vector<std::string> found;
  for (const package::BagFinding& finding : check->findings.kept()) {
    const std::string text = fmt::format("{} {}", finding.reason, finding.place);
    found.push_back(finding.grade == package::Grade::Warning ? "(" + text + ")"
                    : finding.grade == package::Grade::NoBag ? "no bag: " + text
                                                             : text);
  }
  return found;
}
inline std::vector<std::string> findings_of(const BagFiles& files) {
  MemoryBag bag(files);
  return findings_of(bag);
}

}  // namespace greffe::test
