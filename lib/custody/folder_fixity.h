// One meeting folder against its manifest: what is changed, missing, or there without being named.
#pragma once

#include <vector>

#include "custody/gentle_reader.h"
#include "fixity/manifest.h"
#include "journal/finding.h"

namespace greffe::custody {

// One word for each way in which a file does not hold. Scripts rest on them.
namespace reason {
inline constexpr std::string_view Changed = "changed";         // another digest than the manifest has
inline constexpr std::string_view Missing = "missing";         // in the manifest, not there
inline constexpr std::string_view Orphan = "orphan";           // there, in no manifest
inline constexpr std::string_view Link = "link";               // a symbolic link: never followed
inline constexpr std::string_view Unreadable = "unreadable";   // there, but reading fails
inline constexpr std::string_view NoManifest = "no-manifest";  // none, or none that can be read
}  // namespace reason

// A folder being verified: listed and its manifest read, then its files hashed one by one, then concluded.
class FolderFixity {
 public:
  // `place` names the folder in findings: "meetings/2026/11/20/ID". renders/.work is left out. Fails only
  // when asked to stop; what cannot be read is a finding.
  static Result<FolderFixity> open(const Path& folder, std::string place, ByteRate& rate);

  // The files that the manifest names and that are there, the largest first.
  std::size_t files() const { return files_.size(); }
  std::uint64_t bytes(std::size_t file) const { return files_[file].bytes; }
  std::uint64_t bytes() const;
  // Hashes one of them; each may be done on a thread of its own. `seen` gets every piece's bytes. Fails only
  // when asked to stop.
  Status verify(std::size_t file, ByteRate& rate, const std::function<void(Bytes)>& seen);

  // What does not hold, in the order of names; complete when every file was verified.
  std::vector<journal::Finding> findings() const;
  // Of the manifest; another one later means that somebody has changed the folder meanwhile.
  const std::optional<fixity::Digest>& manifest_digest() const { return manifest_digest_; }

 private:
  struct Listed {
    enum class Kind : std::uint8_t { File, Link, Other } kind = Kind::File;
    std::uint64_t bytes = 0;
  };
  struct Task {
    std::string name;
    std::uint64_t bytes = 0;
    fixity::Digest wanted;
    std::optional<journal::Finding> finding = {};
  };
  FolderFixity(Path folder, std::string place) : folder_(std::move(folder)), place_(std::move(place)) {}

  void list(const std::string& below);
  Status read_manifest(ByteRate& rate, fixity::Manifest& manifest);
  void compare_names(const fixity::Manifest& manifest);
  void find(std::string_view reason, const std::string& name, std::string text);

  Path folder_;
  std::string place_;
  std::optional<FolderReader> reader_;
  std::map<std::string, Listed> listed_;
  std::optional<fixity::Digest> manifest_digest_;
  std::vector<Task> files_;
  std::vector<journal::Finding> findings_;  // of names alone
};

// True where the folder's manifest is still the one of this digest.
bool has_manifest(const Path& folder, const std::optional<fixity::Digest>& digest);

}  // namespace greffe::custody
