#include "intake/meeting_stage.h"

#include "base/folder.h"
#include "base/text.h"
#include "timeline/meeting_folder.h"

namespace greffe::intake {
namespace {

// Folders of films whose program goes on writing into them. One of a film begun in the moment between is left
// alone.
Status move_entries(const Path& from, const Path& to) {
  std::error_code none;
  if (!std::filesystem::exists(from, none)) return {};
  GREFFE_CHECK(make_directories(to));
  GREFFE_TRY(const auto entries, list_folder(from));
  for (const FolderEntry& entry : entries) std::filesystem::rename(from / entry.name, to / entry.name, none);
  return {};
}

}  // namespace

Result<MeetingStage> MeetingStage::create(const Path& folder) {
  GREFFE_CHECK(remove_tree(folder));
  GREFFE_CHECK(make_directories(folder));
  MeetingStage stage(folder);
  for (const char* subfolder : {"dumps", "tracks", "captions", "renders", "reports"})
    GREFFE_CHECK(make_directories(folder / subfolder));
  return stage;
}

MeetingStage::MeetingStage(MeetingStage&& other) noexcept
    : folder_(std::exchange(other.folder_, Path{})),
      manifest_(std::move(other.manifest_)),
      taken_(std::move(other.taken_)) {}

MeetingStage::~MeetingStage() {
  // What cannot be removed now is removed by the next run.
  if (!folder_.empty()) static_cast<void>(remove_tree(folder_));
}

Status MeetingStage::adopt(const std::string& path, const fixity::Digest& digest) {
  const std::lock_guard lock(entering_);
  return manifest_.add(path, digest);
}

Status MeetingStage::copy(const SourceFile& source, const std::string& path) {
  GREFFE_TRY(InputFile input, open_input(source.path));
  if (input.stamp.size < source.stamp.size)
    return fail("{}: became shorter while it was ingested", source.path.string());
  input.stamp.size = source.stamp.size;
  fixity::Fingerprint copied;
  GREFFE_CHECK(copy_bytes(input, source.path, folder_ / path, [&](Bytes block) { copied.update(block); }));
  if (copied.finish() != source.fingerprint)
    return fail("{}: changed while it was ingested; try again when it is at rest", source.path.string());
  return adopt(path, source.digest);
}

Status MeetingStage::write(const std::string& path, std::string_view text) {
  return write(path, [&](const json::Sink& put) { return put(text); });
}

Status MeetingStage::write(const std::string& path, const std::function<Status(const json::Sink&)>& give) {
  // Not yet visible, so a plain file is enough; finish() syncs it.
  GREFFE_TRY(File file, create_file(folder_ / path));
  fixity::Sha256 hasher;
  GREFFE_CHECK(give([&](std::string_view text) {
    hasher.update(text);
    return write_all(file, Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()),
                     folder_ / path);
  }));
  GREFFE_CHECK(file.close(path));
  return adopt(path, hasher.finish());
}

Status MeetingStage::take_in(AtomicFile file, const fixity::Digest& digest, const std::string& path) {
  GREFFE_CHECK(file.commit_as(folder_ / path));
  return manifest_.add(path, digest);
}

Status MeetingStage::take_over(const Path& published, const std::set<std::string>& rewritten) {
  GREFFE_TRY(const fixity::Manifest manifest, fixity::read_manifest(published / fixity::ManifestName));
  GREFFE_TRY(const auto files, files_below(published, timeline::UnfinishedFilms));
  // Files that no manifest names (work in progress, something a person put there) come along all the same.
  for (const Path& file : files) {
    const std::string path = file.string();
    if (path == fixity::ManifestName || rewritten.contains(path)) continue;
    GREFFE_CHECK(make_directories((folder_ / path).parent_path()));
    GREFFE_CHECK(link_file(published / path, folder_ / path));
    taken_.insert(path);
    if (const fixity::Digest* digest = manifest.find(path)) GREFFE_CHECK(manifest_.add(path, *digest));
  }
  return {};
}

std::string MeetingStage::free_path(const std::string& subfolder, const std::string& wanted) {
  // The ending says what a file is and is kept where a long name is cut.
  const std::string stem = file_name_of(Path(wanted).stem().string(), 180);
  std::string extension = Path(wanted).extension().string();
  if (!extension.empty()) extension = "." + file_name_of(extension.substr(1), 20);
  std::string path = fmt::format("{}/{}{}", subfolder, stem, extension);
  for (int i = 2; !taken_.insert(path).second; ++i)
    path = fmt::format("{}/{}-{}{}", subfolder, stem, i, extension);
  return path;
}

Result<fixity::Digest> MeetingStage::finish() {
  const std::string text = manifest_.text();
  GREFFE_TRY(File file, create_file(folder_ / fixity::ManifestName));
  GREFFE_CHECK(write_all(file, Bytes(reinterpret_cast<const std::uint8_t*>(text.data()), text.size()),
                         fixity::ManifestName));
  GREFFE_CHECK(file.close(fixity::ManifestName));
  GREFFE_CHECK(sync_tree(folder_));
  return fixity::digest_of(text);
}

Status MeetingStage::publish(const Path& final_folder) {
  GREFFE_CHECK(make_directories(final_folder.parent_path()));
  GREFFE_CHECK(rename_into_place(folder_, final_folder));
  folder_.clear();
  return {};
}

Status MeetingStage::replace(const Path& published) {
  GREFFE_CHECK(exchange(folder_, published));
  return move_entries(folder_ / timeline::UnfinishedFilms, published / timeline::UnfinishedFilms);
}

Status MeetingStage::discard() {
  GREFFE_CHECK(remove_tree(folder_));
  folder_.clear();
  return {};
}

}  // namespace greffe::intake
