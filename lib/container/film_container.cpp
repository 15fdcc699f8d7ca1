#include "container/film_container.h"

#include <algorithm>
#include <array>
#include <span>

#include "base/text.h"

namespace greffe::container {
namespace {

using media::CodecId;

// H.264 in Matroska is common, in WebM it is no WebM. VP9 in MP4 few players show; FLAC in MP4 fewer.
constexpr std::array WebMVideo{CodecId::Vp9, CodecId::Vp8, CodecId::Av1};
constexpr std::array WebMSound{CodecId::Opus};
constexpr std::array MatroskaVideo{CodecId::Vp9, CodecId::Vp8, CodecId::H264, CodecId::Av1, CodecId::Ffv1};
constexpr std::array MatroskaSound{CodecId::Opus, CodecId::Aac, CodecId::Flac};
constexpr std::array Mp4Video{CodecId::H264, CodecId::Av1};
constexpr std::array Mp4Sound{CodecId::Aac, CodecId::Opus};

struct Fit {
  FilmContainer container;
  std::string_view ending;
  std::span<const CodecId> video;
  std::span<const CodecId> sound;
};
constexpr std::array Fits{Fit{FilmContainer::WebM, ".webm", WebMVideo, WebMSound},
                          Fit{FilmContainer::Matroska, ".mkv", MatroskaVideo, MatroskaSound},
                          Fit{FilmContainer::Mp4, ".mp4", Mp4Video, Mp4Sound}};

const Fit& fit_of(FilmContainer container) {
  return *std::find_if(Fits.begin(), Fits.end(), [&](const Fit& fit) { return fit.container == container; });
}

std::string names_of(std::span<const CodecId> codecs) {
  std::string names;
  for (std::size_t i = 0; i < codecs.size(); ++i)
    names += fmt::format("{}{}",
                         i == 0                   ? ""
                         : i + 1 == codecs.size() ? " or "
                                                  : ", ",
                         media::facts_of(codecs[i]).name);
  return names;
}

// "vp9 fits .webm or .mkv"
std::string endings_of(CodecId codec) {
  std::string endings;
  for (const Fit& fit : Fits)
    if (std::ranges::count(fit.video, codec) + std::ranges::count(fit.sound, codec) > 0)
      endings += fmt::format("{}{}", endings.empty() ? "" : " or ", fit.ending);
  return endings;
}

Status check_among(std::span<const CodecId> fitting, CodecId codec, std::string_view ending,
                   std::string_view what) {
  if (std::ranges::find(fitting, codec) != fitting.end()) return {};
  return fail(ErrorKind::Usage, "a {} film has {} as {}; {} fits {}", ending, names_of(fitting), what,
              media::facts_of(codec).name, endings_of(codec));
}

struct Language {
  std::string_view tag;  // ISO 639-1
  std::string_view bibliographic;
  std::string_view terminologic;
};
// The languages of Europe and the most spoken of the world.
constexpr std::array Languages{
    Language{"ar", "ara", "ara"}, Language{"az", "aze", "aze"}, Language{"be", "bel", "bel"},
    Language{"bg", "bul", "bul"}, Language{"bn", "ben", "ben"}, Language{"bs", "bos", "bos"},
    Language{"ca", "cat", "cat"}, Language{"cs", "cze", "ces"}, Language{"cy", "wel", "cym"},
    Language{"da", "dan", "dan"}, Language{"de", "ger", "deu"}, Language{"el", "gre", "ell"},
    Language{"en", "eng", "eng"}, Language{"es", "spa", "spa"}, Language{"et", "est", "est"},
    Language{"eu", "baq", "eus"}, Language{"fa", "per", "fas"}, Language{"fi", "fin", "fin"},
    Language{"fo", "fao", "fao"}, Language{"fr", "fre", "fra"}, Language{"ga", "gle", "gle"},
    Language{"gl", "glg", "glg"}, Language{"he", "heb", "heb"}, Language{"hi", "hin", "hin"},
    Language{"hr", "hrv", "hrv"}, Language{"hu", "hun", "hun"}, Language{"hy", "arm", "hye"},
    Language{"id", "ind", "ind"}, Language{"is", "ice", "isl"}, Language{"it", "ita", "ita"},
    Language{"ja", "jpn", "jpn"}, Language{"ka", "geo", "kat"}, Language{"ko", "kor", "kor"},
    Language{"lb", "ltz", "ltz"}, Language{"lt", "lit", "lit"}, Language{"lv", "lav", "lav"},
    Language{"mk", "mac", "mkd"}, Language{"mt", "mlt", "mlt"}, Language{"nb", "nob", "nob"},
    Language{"nl", "dut", "nld"}, Language{"nn", "nno", "nno"}, Language{"no", "nor", "nor"},
    Language{"pl", "pol", "pol"}, Language{"pt", "por", "por"}, Language{"rm", "roh", "roh"},
    Language{"ro", "rum", "ron"}, Language{"ru", "rus", "rus"}, Language{"sk", "slo", "slk"},
    Language{"sl", "slv", "slv"}, Language{"sq", "alb", "sqi"}, Language{"sr", "srp", "srp"},
    Language{"sv", "swe", "swe"}, Language{"ta", "tam", "tam"}, Language{"th", "tha", "tha"},
    Language{"tr", "tur", "tur"}, Language{"uk", "ukr", "ukr"}, Language{"ur", "urd", "urd"},
    Language{"vi", "vie", "vie"}, Language{"zh", "chi", "zho"}};

}  // namespace

Result<FilmContainer> film_container_of(const Path& name) {
  for (const Fit& fit : Fits)
    if (name.extension() == fit.ending) return fit.container;
  return fail(ErrorKind::Usage, "{}: a film's name ends in .webm, .mkv or .mp4", name.string());
}

Status check_fit(FilmContainer container, CodecId video, CodecId sound) {
  const Fit& fit = fit_of(container);
  GREFFE_CHECK(check_among(fit.video, video, fit.ending, "pictures"));
  return check_among(fit.sound, sound, fit.ending, "sound");
}

CodecId usual_video(FilmContainer container) { return fit_of(container).video.front(); }
CodecId usual_sound(FilmContainer container) { return fit_of(container).sound.front(); }

std::string language_code(FilmContainer container, std::string_view tag) {
  const std::string primary = lower_case(tag.substr(0, tag.find_first_of("-_")));
  for (const Language& language : Languages)
    if (language.tag == primary || language.bibliographic == primary || language.terminologic == primary)
      return std::string(container == FilmContainer::Mp4 ? language.terminologic : language.bibliographic);
  const bool letters =
      std::all_of(primary.begin(), primary.end(), [](char c) { return c >= 'a' && c <= 'z'; });
  return primary.size() == 3 && letters ? primary : "und";
}

}  // namespace greffe::container
