#include "package/folder_bag.h"

#include <fcntl.h>

#include <algorithm>
#include <cerrno>
#include <system_error>

#include "base/folder.h"
#include "base/progress.h"

namespace greffe::package {
namespace fs = std::filesystem;
namespace {

constexpr std::size_t FolderReadBlock = 256 << 10;

class FolderBag final : public BagContents {
 public:
  explicit FolderBag(Path folder) : folder_(std::move(folder)) {}

  Status list(const std::string& below) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", folder_.string());
    GREFFE_TRY(const auto found, list_folder(below.empty() ? folder_ : folder_ / below));
    for (const auto& [name, kind] : found) {
      const std::string path = (below.empty() ? "" : below + "/") + name;
      BagEntry& entry = entries_.emplace_back(BagEntry{.path = path});
      std::error_code unknown;
      if (kind == FolderEntry::Kind::Link) {
        entry.kind = BagEntry::Kind::Link;
      } else if (kind == FolderEntry::Kind::Folder) {
        entry.kind = BagEntry::Kind::Folder;
        GREFFE_CHECK(list(path));
      } else if (kind != FolderEntry::Kind::File) {
        entry.kind = BagEntry::Kind::Special;
      } else if (const auto bytes = fs::file_size(folder_ / path, unknown); !unknown) {
        entry.bytes = bytes;
      }
    }
    return {};
  }

  const std::vector<BagEntry>& entries() const override { return entries_; }
  const std::vector<std::string>& tops() const override { return tops_; }

  Status read(const SinkFor& sink_for, const UnreadSink& unread) override {
    for (std::size_t at = 0; at < entries_.size(); ++at) {
      if (entries_[at].kind != BagEntry::Kind::File) continue;
      const BytesSink sink = sink_for(at);
      if (!sink) continue;
      const Status done = read_file(folder_ / entries_[at].path, sink);
      if (!done && done.error().kind() == ErrorKind::Interrupted) return done;
      if (!done) unread(at, done.error().message());
    }
    return {};
  }

 private:
  Status read_file(const Path& path, const BytesSink& sink) {
    const File file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK));
    if (!file.is_open()) return fail_errno(path.string());
    GREFFE_CHECK(stamp_of(file, path));
    for (std::uint64_t done = 0;;) {
      if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", path.string());
      GREFFE_TRY(const std::size_t got, read_at(file, done, block_, path));
      if (got > 0) sink(Bytes(block_).first(got));
      if (got < block_.size()) return {};
      done += got;
    }
  }

  Path folder_;
  std::vector<BagEntry> entries_;
  std::vector<std::string> tops_;
  std::vector<std::uint8_t> block_ = std::vector<std::uint8_t>(FolderReadBlock);
};

}  // namespace

Result<std::unique_ptr<BagContents>> open_folder_bag(const Path& folder) {
  auto bag = std::make_unique<FolderBag>(folder);
  GREFFE_CHECK(bag->list(""));
  return bag;
}

}  // namespace greffe::package
