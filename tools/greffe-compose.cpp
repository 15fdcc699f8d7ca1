// greffe-compose: renders a meeting into one film, with captions and a receipt.
#include <chrono>

#include "base/freed_memory.h"
#include "base/give_way.h"
#include "base/log.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "film/compose.h"
#include "film/film_targets.h"
#include "film/film_thumbnails.h"
#include "film/own_inputs.h"
#include "film/stems.h"
#include "film/unfinished_films.h"
#include "flow/keep_film.h"
#include "flow/meeting_place.h"
#include "shared/plan_options.h"
#include "units/time_zone.h"

namespace greffe {
namespace {

struct Options {
  std::string archive;
  std::string meeting;
  std::optional<std::string> film;
  std::vector<std::string> also;
  std::optional<std::string> scenes;
  PlanWords plan;
  std::string fps = "25";
  std::optional<std::string> video;
  std::optional<std::string> sound;
  std::string purpose = "web";
  std::optional<std::string> agenda;
  std::string captions = "both";
  std::string loudness = "-16";
  std::string theme = "dark";
  std::string corners = "square";
  std::string clock;
  bool title_card = false;
  std::optional<std::string> logo;
  bool pan = false;
  std::string copy = "auto";
  std::optional<std::string> stems;
  std::string stems_as = "flac";
  std::optional<std::string> sheet;
  std::optional<std::string> thumbnails;
  int jobs = 0;
  std::optional<std::string> chunk;
  bool join = false;
  bool clean = false;
  bool anew = false;
  bool strict_glyphs = false;
  bool nice = false;
  std::chrono::milliseconds lock_wait{};
};

// The zone of a clock: the archive's own is what is local there.
Result<TimeZone> clock_zone_of(const std::string& words, const std::optional<catalog::Archive>& archive) {
  if (words == "local" && archive) return archive->policy_zone();
  auto zone = TimeZone::find(words == "utc" ? "Etc/UTC" : words);
  if (zone) return zone;
  return fail(ErrorKind::Usage, "--clock {}: {}", words,
              words == "local" ? "only an archive has a local time: name a zone" : zone.error().message());
}

Result<film::FilmLook> look_of(const Options& options, const std::optional<catalog::Archive>& archive) {
  film::FilmLook look{.light = options.theme == "light",
                      .round = options.corners == "round",
                      .title_card = options.title_card};
  if (options.logo) GREFFE_CHECK(film::add_logo(*options.logo, look));
  if (archive && options.title_card) {
    GREFFE_TRY(const TimeZone zone, archive->policy_zone());
    look.date_zone = zone.name();
  }
  if (options.clock.empty()) return look;
  GREFFE_TRY(const TimeZone zone, clock_zone_of(options.clock, archive));
  look.clock_zone = zone.name();
  return look;
}

Result<film::CodingWish> coding_of(const Options& options) {
  film::CodingWish wish;
  GREFFE_TRY(wish.purpose, film::film_purpose_of(options.purpose));
  if (options.video) {
    GREFFE_TRY(wish.video, film::film_video_of(*options.video));
  }
  if (options.sound) {
    GREFFE_TRY(wish.sound, film::film_sound_of(*options.sound));
  }
  return wish;
}

Result<film::ComposeOptions> compose_options(const Options& options) {
  film::ComposeOptions compose;
  GREFFE_TRY(compose.plan, plan_options_of(options.plan));
  GREFFE_TRY(compose.rate, film::frame_rate_of(options.fps));
  GREFFE_TRY(compose.coding, coding_of(options));
  if (options.agenda) compose.agenda = *options.agenda;
  GREFFE_TRY(compose.captions, film::caption_mode_of(options.captions));
  if (options.scenes) compose.scenes = *options.scenes;
  if (options.film) compose.film = *options.film;
  for (const std::string& words : options.also) {
    GREFFE_TRY(film::FilmWish wish, film::film_wish_of(words));
    compose.also.push_back(std::move(wish));
  }
  if (options.sheet) compose.sheet = *options.sheet;
  if (options.thumbnails) compose.thumbnails = *options.thumbnails;
  compose.jobs = static_cast<unsigned>(options.jobs);
  compose.join = options.join;
  compose.anew = options.anew;
  compose.strict_glyphs = options.strict_glyphs;
  GREFFE_TRY(compose.loudness_lufs, film::loudness_target_of(options.loudness));
  compose.pan = options.pan;
  compose.copy = options.copy == "auto";
  compose.tool_version = GREFFE_VERSION;
  return compose;
}

// Those that somebody gave a name.
std::vector<Path> given_films(const film::ComposeOptions& compose) {
  std::vector<Path> films;
  if (compose.film) films.push_back(*compose.film);
  for (const film::FilmWish& wish : compose.also)
    if (wish.film) films.push_back(*wish.film);
  return films;
}

media::CodecId stem_codec_of(const Options& options) {
  return options.stems_as == "opus" ? media::CodecId::Opus : media::CodecId::Flac;
}

// What people gave.
std::vector<Path> inputs_of(const Options& options, const flow::MeetingPlace& place) {
  std::vector<Path> inputs = place.sources;
  for (const auto& given : {options.scenes, options.agenda, options.logo, options.plan.regions})
    if (given) inputs.emplace_back(*given);
  return inputs;
}

// Hours of work are not begun whose pictures have nowhere to go.
Status check_targets(const Options& options, const film::ComposeOptions& compose,
                     const flow::MeetingPlace& place) {
  GREFFE_CHECK(film::check_apart(
      {.films = given_films(compose), .sheet = compose.sheet, .thumbnails = compose.thumbnails}));
  if (options.sheet) {
    const Path folder = Path(*options.sheet).parent_path();
    if (!folder.empty() && !std::filesystem::is_directory(folder))
      return fail("{}: there is no folder {}", *options.sheet, folder.string());
  }
  for (const auto& folder : {options.thumbnails, options.stems}) {
    if (!folder) continue;
    if (std::filesystem::exists(*folder) && !std::filesystem::is_directory(*folder))
      return fail(ErrorKind::Usage, "{}: is a file, and a folder is wanted", *folder);
  }
  std::vector<Path> in_folders;
  if (options.thumbnails) in_folders = film::thumbnail_files(*options.thumbnails);
  if (options.stems)
    for (Path& stem : film::stem_files(place.folder, *options.stems, stem_codec_of(options)))
      in_folders.push_back(std::move(stem));
  GREFFE_CHECK(film::check_not_inputs(in_folders, compose.inputs, place.folder.path));
  for (const auto& folder : {options.thumbnails, options.stems})
    if (folder) GREFFE_CHECK(make_directories(*folder));
  return {};
}

Result<int> clean(const timeline::MeetingFolder& folder, const film::ComposeOptions& compose) {
  GREFFE_TRY(const std::uint64_t bytes, film::remove_unfinished(folder, given_films(compose)));
  cli::print(fmt::format("{} bytes of unfinished films removed\n", bytes));
  return cli::Done;
}

// Films that were given a path go there; the others are kept in the archive, where there is one.
Result<std::vector<film::Composed>> finish(std::vector<film::RenderedFilm> films,
                                           const film::ComposeOptions& compose,
                                           const flow::MeetingPlace& place, const flow::KeepOptions& keep,
                                           DamageLog& damage) {
  std::vector<film::Composed> all;
  for (std::size_t i = 0; i < films.size(); ++i) {
    const bool has_path = (i == 0 ? compose.film : compose.also[i - 1].film).has_value();
    film::Composed composed;
    if (place.archive && !has_path) {
      GREFFE_TRY(composed, flow::keep_film(*place.archive, place.folder, std::move(films[i]), keep, damage));
    } else {
      GREFFE_TRY(composed, film::publish(std::move(films[i])));
    }
    all.push_back(std::move(composed));
  }
  return all;
}

Result<int> render(const Options& options, const film::ComposeOptions& compose,
                   const flow::MeetingPlace& place, const flow::KeepOptions& keep, ProgressSink& progress,
                   DamageLog& damage) {
  GREFFE_TRY(std::vector<film::RenderedFilm> films, film::compose(place.folder, compose, progress, damage));
  if (options.stems)
    GREFFE_CHECK(film::write_stems(place.folder,
                                   {*options.stems, films.front().samples, stem_codec_of(options)},
                                   {compose.jobs, progress}));
  GREFFE_TRY(const auto composed, finish(std::move(films), compose, place, keep, damage));
  for (const film::Composed& film : composed) GREFFE_CHECK(film::ChunkStore(film.work).remove());
  for (const film::Composed& film : composed) cli::print(fmt::format("{}\n", film.film.string()));
  return cli::report_damage(damage);
}

Result<int> run(const Options& options, const cli::CommonOptions& common, const journal::Actor& actor) {
  if (options.chunk && options.join)
    return fail(ErrorKind::Usage, "--chunk renders a share, --join joins what is rendered: one of them");
  if (options.nice) give_way();
  GREFFE_TRY(film::ComposeOptions compose, compose_options(options));
  const WallTime now(std::chrono::system_clock::now().time_since_epoch());
  const auto progress = cli::make_progress(common);
  DamageLog damage;
  GREFFE_TRY(const flow::MeetingPlace place,
             flow::find_meeting_place(options.meeting, options.archive, now, *progress, damage));
  GREFFE_TRY(compose.look, look_of(options, place.archive));
  if (place.work) compose.film_folder = "";
  compose.inputs = inputs_of(options, place);
  if (options.clean) return clean(place.folder, compose);
  GREFFE_CHECK(check_targets(options, compose, place));
  if (place.archive) compose.unpublished = flow::unpublished_film(*place.archive, place.folder);
  if (options.chunk) {
    GREFFE_TRY(const film::ChunkShare share, film::chunk_share_of(*options.chunk));
    GREFFE_TRY(const auto folders, film::compose_chunks(place.folder, compose, share, *progress, damage));
    for (const Path& folder : folders) cli::print(fmt::format("{}\n", folder.string()));
    return cli::report_damage(damage);
  }
  return render(options, compose, place, {actor, now, options.lock_wait}, *progress, damage);
}

}  // namespace
}  // namespace greffe

int main(int argc, char** argv) {
  using namespace greffe;
  Options options;
  cli::CommandLine command_line("greffe-compose", "Renders a meeting into a film and prints the film's path",
                                film::compose_library_versions);
  command_line.archive_option(options.archive)
      .argument("MEETING", options.meeting, "An id or the start of one, a meeting folder, or a meeting.json")
      .option("-o,--output", options.film, "FILM",
              "Write the film here (.webm, .mkv or .mp4), not into the meeting folder")
      .option("--also", options.also, "[HOW=]FILM",
              "Make this film, too, of the same pictures and sound; may be given three times");
  add_plan_options(command_line, options.plan);
  add_scenes_option(command_line, options.scenes,
                    "Take the scenes from this file, as greffe-plan writes them");
  command_line.option("--fps", options.fps, "N", "Pictures a second, a number or a fraction")
      .choice("--for", options.purpose, {"web", "archive", "preservation"},
              "What the film is for: how it is coded where nothing else is said")
      .option("--video", options.video, "CODEC", "How the picture is coded: vp9, vp8, h264, av1 or ffv1")
      .option("--sound", options.sound, "CODEC", "How the sound is coded: opus, aac or flac")
      .option("--agenda", options.agenda, "FILE", "Chapters by hand: a time and a title in each line")
      .choice("--captions", options.captions, {"both", "burn", "track", "none"},
              "In the picture, as a track that can be switched on, both or not at all")
      .option("--chunk", options.chunk, "K/N",
              "Render only the K-th of N shares of the film, and join nothing")
      .flag("--join", options.join, "Join what --chunk rendered; nothing is rendered here")
      .flag("--anew", options.anew, "Render everything, whatever the film of the same name already has")
      .flag("--clean", options.clean, "Remove what unfinished films of this meeting left, and end")
      .option("--loudness", options.loudness, "LUFS",
              "How loud voices are to be (EBU R 128), or off: as they were recorded")
      .choice("--theme", options.theme, {"dark", "light"}, "The colours around the pictures")
      .choice("--corners", options.corners, {"square", "round"}, "Of the tiles")
      .flag("--title-card", options.title_card, "Show title and date for the first four seconds")
      .option("--logo", options.logo, "FILE.png", "Show a picture in the lower right corner")
      .option("--clock", options.clock, "ZONE",
              "Show the time of day: utc, local (the archive's zone), or a zone such as Europe/Paris")
      .choice("--copy", options.copy, {"auto", "never"},
              "Whether coded frames are copied where a camera or screen alone is the picture")
      .flag("--pan", options.pan, "Voices are heard from where their tiles stand")
      .option("--stems", options.stems, "DIR", "Also write the sound of each participant into this folder")
      .choice("--stems-as", options.stems_as, {"flac", "opus"}, "How that sound is coded")
      .option("--contact-sheet", options.sheet, "FILE.png", "Also draw pictures of the film on one sheet")
      .option("--thumbnails", options.thumbnails, "DIR",
              "Also write a poster and thumbnails for web players into this folder")
      .flag("--strict-glyphs", options.strict_glyphs,
            "Render nothing when no font has a character that is to be drawn")
      .flag("--nice", options.nice, "Run and read only when no other program wants to")
      .option("--jobs", options.jobs, 0, 1024, "N", "Parallel jobs; the film is the same for any number")
      .lock_wait_option(options.lock_wait)
      .footer(
          "Exit status: 0 done, 1 failed, 2 usage, 3 done with damage, 6 busy, 7 no archive.\n"
          "More in greffe-compose(1).");
  const journal::Actor actor = journal::actor_of_process(argc, argv);
  keep_freed_memory();
  return cli::run("greffe-compose", [&]() -> Result<int> {
    if (const auto code = command_line.parse(argc, argv)) return *code;
    return cli::or_failed(run(options, command_line.common(), actor));
  });
}
