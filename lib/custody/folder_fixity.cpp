#include "custody/folder_fixity.h"

#include <algorithm>
#include <numeric>

#include "base/folder.h"
#include "timeline/meeting_folder.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::uint64_t LargestManifest = 64u << 20;

std::string text_of(const std::error_code& error) { return error.message(); }

}  // namespace

void FolderFixity::find(std::string_view reason, const std::string& name, std::string text) {
  findings_.push_back({reason, name.empty() ? place_ : place_ + "/" + name, std::move(text)});
}

// All that is below, not through links.
void FolderFixity::list(const std::string& below) {
  std::vector<FolderEntry> entries;
  const std::error_code error = read_folder(below.empty() ? folder_ : folder_ / below, entries);
  for (const FolderEntry& entry : entries) {
    const std::string name = (below.empty() ? "" : below + "/") + entry.name;
    if (entry.kind == FolderEntry::Kind::Folder) {
      if (name != timeline::UnfinishedFilms) list(name);
      continue;
    }
    Listed& listed = listed_[name];
    std::error_code unknown;
    if (entry.kind == FolderEntry::Kind::Link)
      listed.kind = Listed::Kind::Link;
    else if (entry.kind != FolderEntry::Kind::File)
      listed.kind = Listed::Kind::Other;
    else if (const auto bytes = fs::file_size(folder_ / name, unknown); !unknown)
      listed.bytes = bytes;
  }
  if (error) find(reason::Unreadable, below, text_of(error));
}

Status FolderFixity::read_manifest(ByteRate& rate, fixity::Manifest& manifest) {
  std::string text;
  bool too_long = false;
  const auto digest = reader_->digest_of(fixity::ManifestName, rate, [&](Bytes bytes) {
    too_long = too_long || text.size() + bytes.size() > LargestManifest;
    if (!too_long) text.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  });
  if (!digest) return tl::unexpected(digest.error());
  manifest_digest_ = digest->digest;
  if (too_long) return fail("{} bytes, more than the limit of {}", digest->bytes, LargestManifest);
  GREFFE_TRY(manifest, fixity::Manifest::parse(text));
  return {};
}

void FolderFixity::compare_names(const fixity::Manifest& manifest) {
  for (const auto& [name, digest] : manifest) {
    const auto there = listed_.find(name);
    if (there == listed_.end())
      find(reason::Missing, name, "is in the manifest, but not there");
    else if (there->second.kind == Listed::Kind::Link)
      find(reason::Link, name, "a symbolic link stands where the manifest has a file; it is not followed");
    else if (there->second.kind == Listed::Kind::Other)
      find(reason::Unreadable, name, "is no regular file");
    else
      files_.push_back({name, there->second.bytes, digest});
  }
  for (const auto& [name, listed] : listed_) {
    if (name == fixity::ManifestName || manifest.find(name)) continue;
    if (listed.kind == Listed::Kind::Link)
      find(reason::Link, name, "a symbolic link that no manifest names; it is not followed");
    else
      find(reason::Orphan, name, "is in no manifest");
  }
}

Result<FolderFixity> FolderFixity::open(const Path& folder, std::string place, ByteRate& rate) {
  FolderFixity fixity(folder, std::move(place));
  auto reader = FolderReader::open(folder);
  if (!reader) {
    std::error_code error;
    const bool there = fs::exists(fs::symlink_status(folder, error));
    fixity.find(there ? reason::Unreadable : reason::Missing, "",
                there ? reader.error().message() : "the folder is not there");
    return fixity;
  }
  fixity.reader_ = std::move(*reader);
  fixity.list("");
  fixity::Manifest manifest;
  const Status read = fixity.read_manifest(rate, manifest);
  if (!read && read.error().kind() == ErrorKind::Interrupted) return tl::unexpected(read.error());
  if (!read)
    fixity.find(reason::NoManifest, fixity::ManifestName, read.error().message());
  else
    fixity.compare_names(manifest);
  std::stable_sort(fixity.files_.begin(), fixity.files_.end(),
                   [](const Task& a, const Task& b) { return a.bytes > b.bytes; });
  return fixity;
}

std::uint64_t FolderFixity::bytes() const {
  return std::accumulate(files_.begin(), files_.end(), std::uint64_t{0},
                         [](std::uint64_t sum, const Task& task) { return sum + task.bytes; });
}

Status FolderFixity::verify(std::size_t file, ByteRate& rate, const std::function<void(Bytes)>& seen) {
  Task& task = files_[file];
  const auto digest = reader_->digest_of(task.name, rate, seen);
  const std::string place = place_ + "/" + task.name;
  if (!digest) {
    if (digest.error().kind() == ErrorKind::Interrupted) return tl::unexpected(digest.error());
    task.finding = journal::Finding{reason::Unreadable, place, digest.error().message()};
  } else if (digest->digest != task.wanted) {
    task.finding = journal::Finding{reason::Changed, place,
                                    fmt::format("{} bytes of SHA-256 {}, the manifest has {}", digest->bytes,
                                                digest->digest.hex(), task.wanted.hex())};
  }
  return {};
}

std::vector<journal::Finding> FolderFixity::findings() const {
  std::vector<journal::Finding> all = findings_;
  for (const Task& task : files_)
    if (task.finding) all.push_back(*task.finding);
  std::stable_sort(all.begin(), all.end(), [](const auto& a, const auto& b) { return a.place < b.place; });
  return all;
}

bool has_manifest(const Path& folder, const std::optional<fixity::Digest>& digest) {
  const auto now = fixity::digest_of_file(folder / fixity::ManifestName);
  return now ? digest && now->digest == *digest : !digest;
}

}  // namespace greffe::custody
