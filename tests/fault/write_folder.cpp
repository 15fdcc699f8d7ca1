// write_folder FOLDER: the smallest program that writes as greffe writes. FOLDER/whole appears at once with
// its files in it, and FOLDER/note is replaced. Under the fault harness it shows that base keeps its word.
// write_folder FOLDER careless: the same without care, to show that the harness finds out.
#include <cstdio>
#include <string>
#include <utility>

#include "base/file.h"

namespace greffe {
namespace {

constexpr std::size_t LongText = 100'000;

Status write_whole(const Path& folder) {
  if (std::filesystem::exists(folder / "whole")) return {};
  const Path work = folder / ".work";
  GREFFE_CHECK(remove_tree(work));
  GREFFE_CHECK(make_directories(work));
  GREFFE_CHECK(write_text_atomically(work / "short", "short\n"));
  GREFFE_TRY(const InputFile source, open_input(work / "short"));
  GREFFE_CHECK(copy_bytes(source, "short", work / "copy", [](Bytes) {}));
  GREFFE_CHECK(write_text_atomically(work / "long", std::string(LongText, 'x')));
  GREFFE_CHECK(sync_tree(work));
  return rename_into_place(work, folder / "whole");
}

Status write_carelessly(const Path& folder) {
  GREFFE_CHECK(make_directories(folder / "whole"));
  for (const auto& [name, text] :
       {std::pair{"short", std::string("short\n")}, std::pair{"copy", std::string("short\n")},
        std::pair{"long", std::string(LongText, 'x')}})
    GREFFE_CHECK(write_text_atomically(folder / "whole" / name, text));
  return {};
}

}  // namespace
}  // namespace greffe

int main(int count, char** arguments) {
  if (count < 2) return 2;
  const greffe::Path folder = arguments[1];
  auto done = count == 2 ? greffe::write_whole(folder) : greffe::write_carelessly(folder);
  if (done) done = greffe::write_text_atomically(folder / "note", "new\n");
  if (done) return 0;
  std::fprintf(stderr, "%s\n", done.error().message().c_str());
  return 1;
}
