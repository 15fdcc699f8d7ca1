#include "film/film_coding.h"

#include <algorithm>
#include <array>

#include "base/text.h"
#include "codec/sound_encoder.h"
#include "codec/video_encoder.h"

namespace greffe::film {
namespace {

using container::FilmContainer;
using media::CodecId;

struct PurposeName {
  FilmPurpose purpose;
  std::string_view name;
};
constexpr std::array PurposeNames{PurposeName{FilmPurpose::Web, "web"},
                                  PurposeName{FilmPurpose::Archive, "archive"},
                                  PurposeName{FilmPurpose::Preservation, "preservation"}};

CodecId video_of(const CodingWish& wish, FilmContainer container) {
  if (wish.video) return *wish.video;
  if (wish.purpose == FilmPurpose::Archive) return CodecId::Av1;
  if (wish.purpose == FilmPurpose::Preservation) return CodecId::Ffv1;
  return container::usual_video(container);
}

CodecId sound_of(const CodingWish& wish, FilmContainer container) {
  if (wish.sound) return *wish.sound;
  return wish.purpose == FilmPurpose::Preservation ? CodecId::Flac : container::usual_sound(container);
}

struct Candidate {
  FilmContainer container;
  std::string_view ending;
};
// In the order in which they are tried. What is kept for long is Matroska.
constexpr std::array WebEndings{Candidate{FilmContainer::WebM, "webm"}, Candidate{FilmContainer::Mp4, "mp4"},
                                Candidate{FilmContainer::Matroska, "mkv"}};
constexpr std::array KeptEndings{Candidate{FilmContainer::Matroska, "mkv"}};

// A word of a film wish: a purpose, pictures or sound. False for others, and for what was said already.
bool add_word(std::string_view word, CodingWish& wish, bool& has_purpose) {
  if (const auto purpose = film_purpose_of(word); purpose && !has_purpose) {
    wish.purpose = *purpose;
    return has_purpose = true;
  }
  if (const auto video = film_video_of(word); video && !wish.video) return wish.video = *video, true;
  if (const auto sound = film_sound_of(word); sound && !wish.sound) return wish.sound = *sound, true;
  return false;
}

std::optional<CodingWish> find_coding_words(std::string_view text) {
  CodingWish wish;
  bool has_purpose = false;
  while (true) {
    const std::size_t plus = std::min(text.find('+'), text.size());
    if (!add_word(text.substr(0, plus), wish, has_purpose)) return std::nullopt;
    if (plus == text.size()) return wish;
    text.remove_prefix(plus + 1);
  }
}

}  // namespace

std::string_view name_of(FilmPurpose purpose) {
  for (const PurposeName& known : PurposeNames)
    if (known.purpose == purpose) return known.name;
  return "web";
}

Result<FilmPurpose> film_purpose_of(std::string_view name) {
  for (const PurposeName& known : PurposeNames)
    if (known.name == name) return known.purpose;
  return fail(ErrorKind::Usage, "films for \"{}\": web, archive or preservation", name);
}

Result<FilmWish> film_wish_of(std::string_view text) {
  const std::size_t equals = text.find('=');
  const std::string_view words = text.substr(0, equals);
  const auto coding = find_coding_words(words);
  if (coding && equals == std::string_view::npos) return FilmWish{std::nullopt, *coding};
  if (coding && equals + 1 < text.size()) return FilmWish{Path(text.substr(equals + 1)), *coding};
  const bool names_a_file = equals == std::string_view::npos || words.find('/') != std::string_view::npos;
  if (names_a_file && !text.empty()) return FilmWish{Path(text), {}};
  return fail(ErrorKind::Usage,
              "film \"{}\": a file, or web, archive, preservation, a codec or two joined by +, alone or with "
              "=FILE behind",
              text);
}

Result<CodecId> film_video_of(std::string_view name) {
  const auto codec = media::find_codec(name);
  if (codec && codec::is_film_codec(*codec)) return *codec;
  return fail(ErrorKind::Usage, "video \"{}\": vp9, vp8, h264, av1 or ffv1", name);
}

Result<CodecId> film_sound_of(std::string_view name) {
  const auto codec = media::find_codec(name);
  if (codec && codec::is_sound_codec(*codec)) return *codec;
  return fail(ErrorKind::Usage, "sound \"{}\": opus, aac or flac", name);
}

Result<FilmCoding> film_coding_of(const Path& film, const CodingWish& wish) {
  FilmCoding coding;
  GREFFE_TRY(coding.container, container::film_container_of(film));
  coding.video = video_of(wish, coding.container);
  coding.sound = sound_of(wish, coding.container);
  coding.sound_bitrate_bps = codec::default_sound_bitrate_bps(coding.sound);
  if (const Status fits = container::check_fit(coding.container, coding.video, coding.sound); !fits)
    return fail_within(film.string(), fits);
  return coding;
}

std::string film_name_of(std::string_view layout, int width, int height, const CodingWish& wish) {
  const bool web = wish.purpose == FilmPurpose::Web;
  const std::string name = fmt::format("film-{}-{}x{}{}{}", file_name_of(std::string(layout)), width, height,
                                       web ? "" : "-", web ? "" : name_of(wish.purpose));
  const std::span<const Candidate> candidates =
      web ? std::span<const Candidate>(WebEndings) : std::span<const Candidate>(KeptEndings);
  for (const Candidate& candidate : candidates)
    if (container::check_fit(candidate.container, video_of(wish, candidate.container),
                             sound_of(wish, candidate.container)))
      return fmt::format("{}.{}", name, candidate.ending);
  return name + ".mkv";
}

}  // namespace greffe::film
