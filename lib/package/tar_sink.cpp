#include <archive.h>
#include <archive_entry.h>
#include <unistd.h>

#include <clocale>
#include <set>

#include "package/package_sink.h"

namespace greffe::package {
namespace {

constexpr std::uint64_t TarBlock = 512;
constexpr std::size_t LongestPlainName = 100;

// libarchive turns names into the UTF-8 of pax headers by the locale of the thread, whatever the user has
// set.
class Utf8Locale {
 public:
  Utf8Locale() : utf8_(::newlocale(LC_CTYPE_MASK, "C.UTF-8", nullptr)) {
    if (utf8_ != nullptr) before_ = ::uselocale(utf8_);
  }
  ~Utf8Locale() {
    if (utf8_ == nullptr) return;
    ::uselocale(before_);
    ::freelocale(utf8_);
  }
  Utf8Locale(const Utf8Locale&) = delete;
  Utf8Locale& operator=(const Utf8Locale&) = delete;

 private:
  locale_t utf8_;
  locale_t before_ = nullptr;
};

struct FreeWriter {
  void operator()(archive* writer) const { archive_write_free(writer); }
};
struct FreeEntry {
  void operator()(archive_entry* entry) const { archive_entry_free(entry); }
};

class TarSink final : public PackageSink {
 public:
  TarSink(File file, Path path, std::int64_t time, std::function<void(Bytes)> seen)
      : file_(std::move(file)), path_(std::move(path)), time_(time), seen_(std::move(seen)) {}

  // libarchive closes what was not closed: a tar that is given up gets no end.
  ~TarSink() override {
    is_given_up_ = true;
    writer_.reset();
  }
  TarSink(const TarSink&) = delete;
  TarSink& operator=(const TarSink&) = delete;

  Status open() {
    if (!writer_ || !entry_) return fail("{}: no memory", path_.string());
    archive* const writer = writer_.get();
    const bool is_set = archive_write_set_format_pax_restricted(writer) == ARCHIVE_OK &&
                        archive_write_set_bytes_per_block(writer, 0) == ARCHIVE_OK &&
                        archive_write_set_bytes_in_last_block(writer, 1) == ARCHIVE_OK;
    if (!is_set || archive_write_open(writer, this, nullptr, &TarSink::take, nullptr) != ARCHIVE_OK)
      return failure();
    return {};
  }

  Status begin(const std::string& path, std::uint64_t bytes) override {
    for (std::size_t slash = path.find('/'); slash != std::string::npos; slash = path.find('/', slash + 1))
      if (folders_.insert(path.substr(0, slash)).second)
        GREFFE_CHECK(header(path.substr(0, slash), AE_IFDIR, 0755, 0));
    return header(path, AE_IFREG, 0644, bytes);
  }

  Status write(Bytes bytes) override {
    while (!bytes.empty()) {
      const la_ssize_t put = archive_write_data(writer_.get(), bytes.data(), bytes.size());
      if (put <= 0) return failure();
      bytes = bytes.subspan(static_cast<std::size_t>(put));
    }
    return {};
  }

  Status end() override {
    return archive_write_finish_entry(writer_.get()) == ARCHIVE_OK ? Status() : failure();
  }

  Status finish() override {
    if (archive_write_close(writer_.get()) != ARCHIVE_OK) return failure();
    if (::fsync(file_.descriptor()) != 0) return fail_errno(path_.string() + ": sync");
    return file_.close(path_.string());
  }

  std::uint64_t bytes() const override { return bytes_; }

 private:
  static la_ssize_t take(archive*, void* self, const void* data, std::size_t size) {
    return static_cast<TarSink*>(self)->put(Bytes(static_cast<const std::uint8_t*>(data), size));
  }

  la_ssize_t put(Bytes bytes) {
    if (is_given_up_) return -1;
    written_ = write_all(file_, bytes, path_);
    if (!written_) return -1;
    if (seen_) seen_(bytes);
    bytes_ += bytes.size();
    return static_cast<la_ssize_t>(bytes.size());
  }

  Status failure() const {
    if (!written_) return written_;
    const char* const text = archive_error_string(writer_.get());
    return fail("{}: {}", path_.string(), text != nullptr ? text : "cannot be written");
  }

  Status header(const std::string& path, unsigned type, int mode, std::uint64_t bytes) {
    archive_entry* const entry = archive_entry_clear(entry_.get());
    const Utf8Locale utf8;
    archive_entry_set_pathname(entry, path.c_str());
    archive_entry_set_filetype(entry, type);
    archive_entry_set_perm(entry, static_cast<__LA_MODE_T>(mode));
    archive_entry_set_size(entry, static_cast<la_int64_t>(bytes));
    archive_entry_set_mtime(entry, time_, 0);
    archive_entry_set_uid(entry, 0);
    archive_entry_set_gid(entry, 0);
    // A warning tells of a name that is no UTF-8: its header then says that it is bytes.
    return archive_write_header(writer_.get(), entry) >= ARCHIVE_WARN ? Status() : failure();
  }

  File file_;
  Path path_;
  std::int64_t time_;  // seconds since 1970
  std::function<void(Bytes)> seen_;
  std::unique_ptr<archive, FreeWriter> writer_{archive_write_new()};
  std::unique_ptr<archive_entry, FreeEntry> entry_{archive_entry_new()};
  std::set<std::string> folders_;
  std::uint64_t bytes_ = 0;
  Status written_;
  bool is_given_up_ = false;
};

}  // namespace

Result<std::unique_ptr<PackageSink>> make_tar_sink(const Path& path, CivilDate date,
                                                   std::function<void(Bytes)> seen) {
  GREFFE_TRY(File file, create_file(path));
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  auto sink = std::make_unique<TarSink>(std::move(file), path, days * 86'400, std::move(seen));
  GREFFE_CHECK(sink->open());
  return sink;
}

std::uint64_t tar_size(std::string_view path, std::uint64_t bytes) {
  // A header for the file, and where the name is long or the file large a pax header with its own blocks; the
  // same for its folder, which may be new with it.
  const std::uint64_t header = path.size() > LongestPlainName - 1 || bytes >= (std::uint64_t{1} << 33)
                                   ? 3 * TarBlock + path.size() + 64
                                   : TarBlock;
  const auto rounded = [](std::uint64_t size) { return (size + TarBlock - 1) / TarBlock * TarBlock; };
  return rounded(header) + TarBlock * 2 + rounded(bytes);
}

}  // namespace greffe::package
