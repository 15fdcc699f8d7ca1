// What web players show of a film before and beside it.
#pragma once

#include <cstdint>
#include <string>
#include <vector>

#include "base/file.h"
#include "film/film_order.h"

namespace greffe::film {

// Small pictures in rows of ten, and where in the film each belongs.
struct Thumbnails {
  std::vector<std::uint8_t> poster;  // a JPEG of the film's size
  std::vector<std::uint8_t> sheet;   // a JPEG of all small pictures
  std::string track;                 // WebVTT whose cues say "thumbnails.jpg#xywh=160,0,160,90"
};

constexpr std::string_view PosterName = "poster.jpg", ThumbnailSheetName = "thumbnails.jpg",
                           ThumbnailTrackName = "thumbnails.vtt";

// Each small picture stands for a stretch of 5 s, and shows its middle; of long films for as many whole
// seconds as leave 300 of them. The poster is the middle of the longest scene. Captions are in none of them.
// Drawn anew, not decoded from the film.
Result<Thumbnails> thumbnails_of(const FilmOrder& order);
std::vector<Path> thumbnail_files(const Path& folder);
// Into a folder, which is made; the track last.
Status write_thumbnails(const Thumbnails& thumbnails, const Path& folder);

}  // namespace greffe::film
