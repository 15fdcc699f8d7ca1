// A meeting → a film with its receipt and captions (DESIGN 6), or several of one pass.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "base/progress.h"
#include "codec/video_encoder.h"
#include "film/film_coding.h"
#include "film/film_gains.h"
#include "film/film_look.h"
#include "film/render_film.h"
#include "fixity/digest.h"
#include "layout/plan.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

enum class CaptionMode { None, Burn, Track, Both };
std::string_view name_of(CaptionMode mode);
Result<CaptionMode> caption_mode_of(std::string_view name);

// "25", "30000/1001"; 1 to 240 a second.
Result<codec::FrameRate> frame_rate_of(std::string_view text);

struct ComposeOptions {
  layout::PlanOptions plan;
  std::optional<Path> scenes;  // a file, instead of a plan of our own
  std::optional<Path> agenda;  // whose lines are the chapters, instead of the plan's
  codec::FrameRate rate;
  CodingWish coding;
  CaptionMode captions = CaptionMode::Both;
  FilmLook look;
  bool copy = true;                 // coded frames of tracks, where the film shows nothing else
  std::optional<Path> film;         // else one named after layout and size
  std::optional<Path> film_folder;  // of films that are given no path; else renders/ in the meeting folder
  // Films of the same pictures and sound, made along with the first: at most MostFilms - 1.
  std::vector<FilmWish> also;
  // Where films that were given no path lie until they have their names: beside this path under temporary
  // names, else beside the film.
  std::optional<Path> unpublished;
  std::optional<Path> sheet;       // a PNG with pictures of the film, to be written beside all else
  std::optional<Path> thumbnails;  // a folder for what web players show of the film
  std::vector<Path> inputs;        // that people gave, and no film may replace
  unsigned jobs = 0;               // 0: as many as there are processors
  bool join = false;               // of chunks that are all there
  bool strict_glyphs = false;      // fail before rendering when a font lacks a character
  bool anew = false;               // render what the film of the same name already has, too
  std::optional<double> loudness_lufs =
      DefaultLoudness;  // that voices are brought to; none: left as they are
  bool pan = false;     // voices are heard from where their tiles stand
  std::string tool_version;
};

// A film that is rendered and on the disk under a temporary name, with its papers. Dropped without publish(),
// it leaves nothing.
struct RenderedFilm {
  AtomicFile file;
  Path film;
  fixity::FileDigest digest;
  std::string receipt;       // text of FILM.receipt.json
  std::string vtt;           // text of the captions; empty when the meeting has none
  Path work;                 // finished chunks; to be removed when the film has its name
  std::int64_t samples = 0;  // of its sound, at 48 kHz
};

// Where a published film and its papers lie.
struct Composed {
  Path film;
  Path receipt;             // FILM.receipt.json
  std::optional<Path> vtt;  // FILM without its ending, .vtt
  Path work;                // finished chunks, which are of no use any more
};

// The long part: the film, then those of `also` in their order. The same inputs and options give the same
// bytes, for any number of jobs and whatever other films are made along. After a failure or a signal the
// chunks that were finished stay in the work folders, and the next call takes them as they are.
Result<std::vector<RenderedFilm>> compose(const timeline::MeetingFolder& folder,
                                          const ComposeOptions& options, ProgressSink& progress,
                                          DamageLog& damage);
// A share of the chunks alone, into work folders, which are returned: one for each codec of pictures.
Result<std::vector<Path>> compose_chunks(const timeline::MeetingFolder& folder, const ComposeOptions& options,
                                         const ChunkShare& share, ProgressSink& progress, DamageLog& damage);
// "2/5"
Result<ChunkShare> chunk_share_of(std::string_view text);

// The names that publish() gives.
Composed places_of(const RenderedFilm& film);

// Gives film, captions and receipt their names, the receipt last; what was there of the same names is
// replaced.
Result<Composed> publish(RenderedFilm film);

// Of everything that has a say in a film.
LibraryVersions compose_library_versions();

}  // namespace greffe::film
