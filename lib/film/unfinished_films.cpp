#include "film/unfinished_films.h"

#include <algorithm>

#include "base/file_lock.h"
#include "base/folder.h"
#include "film/film_targets.h"

namespace greffe::film {

EmptyWork::~EmptyWork() {
  std::error_code none;
  for (const Path& folder : folders_) {
    const auto entries = list_folder(folder);
    const auto is_chunk = [](const FolderEntry& entry) { return entry.name != WorkLock; };
    if (!entries || std::any_of(entries->begin(), entries->end(), is_chunk)) continue;
    std::filesystem::remove(folder / WorkLock, none);
    std::filesystem::remove(folder, none);
    if (folder.parent_path().filename() == Path(timeline::UnfinishedFilms).filename())
      std::filesystem::remove(folder.parent_path(), none);  // when no other film is in it
  }
}

Result<std::uint64_t> remove_unfinished(const timeline::MeetingFolder& folder,
                                        const std::vector<Path>& films) {
  const Path work = folder.path / timeline::UnfinishedFilms;
  std::error_code none;
  std::vector<Path> unfinished;
  GREFFE_TRY(const auto entries, list_folder_if_any(work));
  for (const FolderEntry& entry : entries) unfinished.push_back(work / entry.name);
  for (const Path& film : films)
    if (std::filesystem::is_directory(work_beside(film), none)) unfinished.push_back(work_beside(film));
  std::uint64_t bytes = 0;
  std::string busy;
  for (const Path& film : unfinished) {
    const auto lock = FileLock::acquire(film / WorkLock, std::chrono::milliseconds(0));
    if (!lock && lock.error().kind() == ErrorKind::Busy) {
      busy += (busy.empty() ? "" : ", ") + film.filename().string();
      continue;
    }
    GREFFE_TRY(const std::vector<Path> files, files_below(film));
    for (const Path& file : files) bytes += std::filesystem::file_size(film / file, none);
    GREFFE_CHECK(remove_tree(film));
  }
  std::filesystem::remove(work, none);  // only when nothing is left in it
  if (!busy.empty())
    return fail(ErrorKind::Busy, "{}: another program composes this film; its chunks stay", busy);
  return bytes;
}

}  // namespace greffe::film
