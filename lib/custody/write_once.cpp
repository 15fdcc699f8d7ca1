#include "custody/write_once.h"

namespace greffe::custody {

Status write_once(const Path& file, std::string_view text) {
  AtomicFile::remove_abandoned(file);
  GREFFE_TRY(AtomicFile written, AtomicFile::create(file));
  GREFFE_CHECK(written.write(text));
  return written.commit(AtomicFile::IfThere::Fail);
}

Status publish_folder(const Path& staged, const Path& final_folder,
                      const std::vector<std::pair<std::string, std::string>>& files) {
  GREFFE_CHECK(remove_tree(staged));
  GREFFE_CHECK(make_directories(staged));
  GREFFE_CHECK(make_directories(final_folder.parent_path()));
  for (const auto& [name, text] : files) {
    GREFFE_CHECK(make_directories((staged / name).parent_path()));
    GREFFE_CHECK(write_text_atomically(staged / name, text));
  }
  GREFFE_CHECK(sync_tree(staged));
  return rename_into_place(staged, final_folder);
}

}  // namespace greffe::custody
