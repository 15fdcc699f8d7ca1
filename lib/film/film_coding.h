// How a film is coded and what it is wrapped in: the user's wishes, and what follows from the film's name.
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "base/file.h"
#include "container/film_container.h"

namespace greffe::film {

// What a film is for. Web: what each browser plays, quickly made. Archive: AV1, about half of the bits.
// Preservation: FFV1 and FLAC, nothing is lost.
enum class FilmPurpose { Web, Archive, Preservation };
std::string_view name_of(FilmPurpose purpose);
Result<FilmPurpose> film_purpose_of(std::string_view name);

// What is named goes before what the purpose says.
struct CodingWish {
  FilmPurpose purpose = FilmPurpose::Web;
  std::optional<media::CodecId> video;
  std::optional<media::CodecId> sound;
};
// One of several films of a pass.
struct FilmWish {
  std::optional<Path> film;  // else where films of the meeting are, under the usual name
  CodingWish coding;
};
// More would take too much memory at once.
constexpr std::size_t MostFilms = 4;
// "film.mp4"; "preservation", "h264+aac"; "preservation=film.mkv". A name with = in it needs a folder before
// it, as in "./a=b.mkv".
Result<FilmWish> film_wish_of(std::string_view text);

// "vp9", "vp8", "h264", "av1", "ffv1" · "opus", "aac", "flac"
Result<media::CodecId> film_video_of(std::string_view name);
Result<media::CodecId> film_sound_of(std::string_view name);

struct FilmCoding {
  container::FilmContainer container = container::FilmContainer::WebM;
  media::CodecId video = media::CodecId::Vp9;
  media::CodecId sound = media::CodecId::Opus;
  int sound_bitrate_bps = 0;  // 0 of FLAC
};
// Fails with kind Usage when they do not fit into what the film's name says.
Result<FilmCoding> film_coding_of(const Path& film, const CodingWish& wish);

// "film-LAYOUT-WxH.webm" for the web; else with the purpose in it and in the first container that everything
// fits into.
std::string film_name_of(std::string_view layout, int width, int height, const CodingWish& wish);

}  // namespace greffe::film
