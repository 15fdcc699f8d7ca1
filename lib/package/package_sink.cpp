#include "package/package_sink.h"

namespace greffe::package {

Status PackageSink::add(const std::string& path, std::string_view text) {
  GREFFE_CHECK(begin(path, text.size()));
  GREFFE_CHECK(write(Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size())));
  return end();
}

namespace {

class FolderSink final : public PackageSink {
 public:
  explicit FolderSink(Path folder) : folder_(std::move(folder)) {}

  Status begin(const std::string& path, std::uint64_t) override {
    path_ = folder_ / path;
    if (path_.parent_path() != made_) GREFFE_CHECK(make_directories(path_.parent_path()));
    made_ = path_.parent_path();
    GREFFE_TRY(file_, create_file(path_));
    return {};
  }
  Status write(Bytes bytes) override {
    bytes_ += bytes.size();
    return write_all(file_, bytes, path_);
  }
  Status end() override { return file_.close(path_.string()); }
  Status finish() override { return sync_tree(folder_); }
  std::uint64_t bytes() const override { return bytes_; }

 private:
  Path folder_;
  Path made_;  // the folder that was needed last
  Path path_;
  File file_;
  std::uint64_t bytes_ = 0;
};

}  // namespace

Result<std::unique_ptr<PackageSink>> make_folder_sink(const Path& folder) {
  GREFFE_CHECK(make_directories(folder));
  return std::make_unique<FolderSink>(folder);
}

}  // namespace greffe::package
