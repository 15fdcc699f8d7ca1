#include "package/packed_bag.h"

#include <archive.h>
#include <archive_entry.h>

#include <algorithm>
#include <set>

#include "base/progress.h"
#include "base/text.h"

namespace greffe::package {
namespace {

constexpr std::size_t PackedReadBlock = 256 << 10;
constexpr std::size_t MostEntries = 10'000'000;

struct CloseReader {
  void operator()(archive* reader) const { archive_read_free(reader); }
};
using Reader = std::unique_ptr<archive, CloseReader>;

std::string error_of(archive* reader) {
  const char* const text = archive_error_string(reader);
  return printable(text != nullptr ? text : "it cannot be read");
}

// Only formats that bags come in: each more is a parser more for what somebody else has made.
Result<Reader> open_reader(const File& file, const Path& path) {
  Reader reader(archive_read_new());
  if (!reader) return fail("{}: no memory", path.string());
  archive_read_support_filter_gzip(reader.get());
  archive_read_support_format_tar(reader.get());
  archive_read_support_format_zip(reader.get());
  if (::lseek(file.descriptor(), 0, SEEK_SET) < 0) return fail_errno(path.string());
  if (archive_read_open_fd(reader.get(), file.descriptor(), PackedReadBlock) != ARCHIVE_OK)
    return fail("{}: neither a folder nor a tar or zip file: {}", path.string(), error_of(reader.get()));
  return reader;
}

std::string name_of(archive_entry* entry) {
  const char* name = archive_entry_pathname(entry);
  if (name == nullptr) name = archive_entry_pathname_utf8(entry);
  std::string path = name != nullptr ? name : "";
  if (path.size() > 1 && path.ends_with('/')) path.pop_back();
  if (path.starts_with("./")) path.erase(0, 2);
  return path;
}

BagEntry::Kind kind_of(archive_entry* entry) {
  if (archive_entry_hardlink(entry) != nullptr || archive_entry_filetype(entry) == AE_IFLNK)
    return BagEntry::Kind::Link;
  if (archive_entry_filetype(entry) == AE_IFDIR) return BagEntry::Kind::Folder;
  return archive_entry_filetype(entry) == AE_IFREG ? BagEntry::Kind::File : BagEntry::Kind::Special;
}

class PackedBag final : public BagContents {
 public:
  PackedBag(File file, Path path) : file_(std::move(file)), path_(std::move(path)) {}

  // Goes through the headers once.
  Status list() {
    std::set<std::string> tops;
    GREFFE_CHECK(walk([&](archive*, archive_entry* header) -> Status {
      if (entries_.size() >= MostEntries) return fail("{}: more than {} files", path_.string(), MostEntries);
      std::string path = name_of(header);
      const BagEntry::Kind kind = kind_of(header);
      const std::int64_t bytes = archive_entry_size(header);
      // A path that leads elsewhere has no folder of its own to leave out.
      const auto slash = path.find('/');
      const bool is_below = !path.starts_with('/') && slash != std::string::npos;
      if (!path.empty() && path != ".") tops.insert(path.substr(0, is_below ? slash : path.size()));
      entries_.push_back({.path = is_below ? path.substr(slash + 1) : path,
                          .kind = kind,
                          .bytes = bytes > 0 ? static_cast<std::uint64_t>(bytes) : 0});
      is_top_.push_back(!is_below && kind == BagEntry::Kind::Folder);
      return {};
    }));
    if (entries_.empty()) return fail("{}: is empty, or neither a tar nor a zip file", path_.string());
    tops_.assign(tops.begin(), tops.end());
    drop_tops();
    return {};
  }

  const std::vector<BagEntry>& entries() const override { return entries_; }
  const std::vector<std::string>& tops() const override { return tops_; }

  Status read(const SinkFor& sink_for, const UnreadSink& unread) override {
    std::size_t at = 0, header_number = 0;
    std::vector<std::uint8_t> block(PackedReadBlock);
    return walk([&](archive* reader, archive_entry*) -> Status {
      if (is_top_[header_number++]) return {};
      const std::size_t here = at++;
      if (entries_[here].kind != BagEntry::Kind::File) return {};
      const BytesSink sink = sink_for(here);
      while (sink) {
        if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", path_.string());
        const la_ssize_t got = archive_read_data(reader, block.data(), block.size());
        if (got < 0) unread(here, error_of(reader));
        if (got <= 0) break;
        sink(Bytes(block).first(static_cast<std::size_t>(got)));
      }
      return {};
    });
  }

 private:
  Status walk(const std::function<Status(archive*, archive_entry*)>& each) {
    GREFFE_TRY(const Reader reader, open_reader(file_, path_));
    while (true) {
      if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", path_.string());
      archive_entry* header = nullptr;
      const int got = archive_read_next_header(reader.get(), &header);
      if (got == ARCHIVE_EOF) return {};
      if (got != ARCHIVE_OK && got != ARCHIVE_WARN)
        return fail("{}: {}", path_.string(), error_of(reader.get()));
      GREFFE_CHECK(each(reader.get(), header));
    }
  }

  void drop_tops() {
    std::size_t kept = 0;
    for (std::size_t at = 0; at < entries_.size(); ++at)
      if (!is_top_[at]) {
        if (kept != at) entries_[kept] = std::move(entries_[at]);
        ++kept;
      }
    entries_.resize(kept);
  }

  File file_;
  Path path_;
  std::vector<BagEntry> entries_;
  std::vector<bool> is_top_;  // of each header
  std::vector<std::string> tops_;
};

}  // namespace

Result<std::unique_ptr<BagContents>> open_packed_bag(const Path& path) {
  GREFFE_TRY(InputFile input, open_input(path));
  auto bag = std::make_unique<PackedBag>(std::move(input.file), path);
  GREFFE_CHECK(bag->list());
  return bag;
}

}  // namespace greffe::package
