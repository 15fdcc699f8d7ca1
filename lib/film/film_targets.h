// The files that one composing writes, and that none of them gets in another's way.
#pragma once

#include <optional>
#include <vector>

#include "base/file.h"

namespace greffe::film {

Path receipt_beside(const Path& film);  // FILM.receipt.json
Path captions_beside(Path film);        // FILM without its ending, .vtt
// Where a film outside the archive is put together: .FILM.work.
Path work_beside(const Path& film);

struct FilmTargets {
  std::vector<Path> films;
  std::optional<Path> sheet;
  std::optional<Path> thumbnails;  // a folder
};

// All files that may be replaced.
std::vector<Path> files_of(const FilmTargets& targets);

// Fails with kind Usage where one of them would replace another, or a file is a folder.
Status check_apart(const FilmTargets& targets);

}  // namespace greffe::film
