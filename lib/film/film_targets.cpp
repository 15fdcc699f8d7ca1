#include "film/film_targets.h"

#include <set>

#include "film/film_thumbnails.h"

namespace greffe::film {
namespace {

namespace fs = std::filesystem;

Path plain(const Path& path) { return fs::absolute(path).lexically_normal(); }

}  // namespace

Path receipt_beside(const Path& film) { return film.string() + ".receipt.json"; }
Path captions_beside(Path film) { return film.replace_extension(".vtt"); }
Path work_beside(const Path& film) {
  return film.parent_path() / fmt::format(".{}.work", film.filename().string());
}

std::vector<Path> files_of(const FilmTargets& targets) {
  std::vector<Path> files;
  for (const Path& film : targets.films)
    for (const Path& file : {film, receipt_beside(film), captions_beside(film)}) files.push_back(file);
  if (targets.sheet) files.push_back(*targets.sheet);
  if (targets.thumbnails)
    for (Path& file : thumbnail_files(*targets.thumbnails)) files.push_back(std::move(file));
  return files;
}

Status check_apart(const FilmTargets& targets) {
  std::error_code none;
  std::set<Path> films, files;
  for (const Path& film : targets.films)
    if (!films.insert(plain(film)).second)
      return fail(ErrorKind::Usage, "{}: two films of one name", film.string());
  for (const Path& file : files_of({.films = targets.films, .sheet = {}, .thumbnails = {}}))
    files.insert(plain(file));
  if (targets.sheet && !files.insert(plain(*targets.sheet)).second)
    return fail(ErrorKind::Usage, "{}: the contact sheet would replace the film or its papers",
                targets.sheet->string());
  for (const Path& file : files_of(targets))
    if (fs::is_directory(file, none)) return fail(ErrorKind::Usage, "{}: is a folder", file.string());
  if (!targets.thumbnails) return {};
  std::vector<Path> thumbnails = thumbnail_files(*targets.thumbnails);
  thumbnails.push_back(*targets.thumbnails);
  for (const Path& file : thumbnails)
    if (files.contains(plain(file)))
      return fail(ErrorKind::Usage, "{}: thumbnails go into a folder of their own",
                  targets.thumbnails->string());
  return {};
}

}  // namespace greffe::film
