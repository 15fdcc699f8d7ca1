#include "film/compose.h"

#include <algorithm>
#include <array>
#include <map>

#include "base/file_lock.h"
#include "base/log.h"
#include "base/parallel.h"
#include "base/parse.h"
#include "base/text.h"
#include "canvas/library_versions.h"
#include "caption/webvtt.h"
#include "codec/audio_decoder.h"
#include "container/memory_bound.h"
#include "film/copied_spans.h"
#include "film/film_clock.h"
#include "film/film_cues.h"
#include "film/film_room.h"
#include "film/film_sheet.h"
#include "film/film_targets.h"
#include "film/film_text.h"
#include "film/film_thumbnails.h"
#include "film/own_inputs.h"
#include "film/plan_meeting.h"
#include "film/receipt.h"
#include "film/render_film.h"
#include "film/unfinished_films.h"
#include "layout/agenda.h"
#include "layout/read_regions.h"
#include "mixer/limiter.h"
#include "mixer/loudness.h"

namespace greffe::film {
namespace {

struct ModeName {
  CaptionMode mode;
  std::string_view name;
};
constexpr std::array ModeNames{ModeName{CaptionMode::None, "none"}, ModeName{CaptionMode::Burn, "burn"},
                               ModeName{CaptionMode::Track, "track"}, ModeName{CaptionMode::Both, "both"}};

bool burns(CaptionMode mode) { return mode == CaptionMode::Burn || mode == CaptionMode::Both; }
bool tracks(CaptionMode mode) { return mode == CaptionMode::Track || mode == CaptionMode::Both; }

Path default_film(const Path& folder, const layout::ScenePlan& plan, const CodingWish& coding) {
  const std::string& layout = plan.scenes.front().layout;
  return folder / film_name_of(layout.empty() ? "scenes" : layout, plan.width, plan.height, coding);
}

Result<std::vector<layout::Chapter>> read_agenda(const Path& file, MeetingTime end) {
  GREFFE_TRY(const std::string text, read_text(file, 1u << 20));
  auto chapters = layout::parse_agenda(text, end);
  if (!chapters) return fail_within(file.string(), chapters);
  return chapters;
}

using InputDigests = std::map<std::string, fixity::Digest>;

Result<InputDigests> digests_of(const timeline::MeetingFolder& folder, bool with_cues, unsigned jobs) {
  std::vector<std::string> files{"meeting.json"};
  if (with_cues) files.emplace_back("captions/cues.json");
  for (const timeline::TrackSidecar& track : folder.meeting.tracks) {
    files.push_back("tracks/" + track.track + ".mkv");
    files.push_back("tracks/" + track.track + ".track.json");
  }
  std::vector<fixity::Digest> digests(files.size());
  GREFFE_CHECK(for_each_index(files.size(), jobs, [&](std::size_t i) -> Status {
    GREFFE_TRY(const fixity::FileDigest digest, fixity::digest_of_file(folder.path / files[i]));
    digests[i] = digest.digest;
    return {};
  }));
  InputDigests inputs;
  for (std::size_t i = 0; i < files.size(); ++i) inputs.emplace(files[i], digests[i]);
  return inputs;
}

// What the layout was told beyond its kind, as far as it differs from what is usual.
json::Object plan_options_json(const layout::PlanOptions& plan) {
  json::Object options{{"min_stay_ms", whole_ms(plan.min_stay)},
                       {"look_ahead_ms", whole_ms(plan.look_ahead)},
                       {"order", layout::name_of(plan.order)},
                       {"most_tiles", plan.most_tiles}};
  if (!plan.lock.empty()) options.set("lock", plan.lock);
  if (plan.hide_no_picture) options.set("hide_no_picture", true);
  if (plan.chapters) options.set("chapters", true);
  if (!plan.labels) options.set("labels", false);
  if (!plan.highlights) options.set("highlights", false);
  json::Array without;
  for (const std::string& id : plan.without) without.emplace_back(id);
  if (!without.empty()) options.set("without", std::move(without));
  json::Object regions;
  for (const layout::Region& region : plan.regions) regions.set(region.name, to_json(region));
  if (!regions.empty()) options.set("regions", std::move(regions));
  return options;
}

// Gains in decibels, exactly as they are used.
json::Value loudness_json(const ComposeOptions& options, const TrackGains& gains) {
  if (!options.loudness_lufs) return "off";
  json::Object tracks;
  for (const TrackGain& track : gains) tracks.set(track.track, track.gain / 100.0);
  return json::Object{{"target_lufs", *options.loudness_lufs},
                      {"limit_dbtp", mixer::Limiter::ThresholdDbtp},
                      {"gains_db", std::move(tracks)}};
}

json::Object options_json(const ComposeOptions& options, const FilmOrder& order) {
  const layout::ScenePlan& plan = *order.plan;
  json::Object all{{"layout", options.scenes ? "scenes" : layout::name_of(options.plan.layout)},
                   {"width", plan.width},
                   {"height", plan.height},
                   {"fps", fmt::format("{}/{}", options.rate.numerator, options.rate.denominator)},
                   {"video", media::facts_of(order.coding.video).name},
                   {"captions", name_of(options.captions)},
                   {"sound", media::facts_of(order.coding.sound).name},
                   {"sound_bitrate_bps", order.coding.sound_bitrate_bps},
                   {"loudness", loudness_json(options, order.gains)},
                   {"pan", order.pan},
                   {"copy", options.copy}};
  if (!options.scenes) all.set("plan", plan_options_json(options.plan));
  if (json::Object look = to_json(options.look); !look.empty()) all.set("look", std::move(look));
  return all;
}

std::string language_of(const timeline::Meeting& meeting) {
  for (const timeline::TranscriptFile& transcript : meeting.transcripts)
    if (transcript.gives_cues) return transcript.language;
  return "";
}

std::string indented(const json::Value& value) { return json::write(value, json::Style::Indented) + "\n"; }

std::int64_t samples_of_film(const FilmOrder& order) {
  const ChunkGrid grid = order.grid();
  return grid.clock.samples_of(grid.frames);
}

// Where a film goes, and how it is coded.
struct PlacedFilm {
  Path path;
  FilmCoding coding;
  bool has_own_path = false;  // that somebody gave
};

// One render, step by step.
struct Render {
  const timeline::MeetingFolder& folder;
  const ComposeOptions& options;
  layout::ScenePlan plan;
  std::vector<caption::Cue> cues;
  InputDigests inputs;
  std::vector<PlacedFilm> films;
  LoudnessOfTracks loudness;  // as far as it is known from planning

  static Result<Render> prepare(const timeline::MeetingFolder& folder, const ComposeOptions& options,
                                Measure measure, ProgressSink& progress, DamageLog& damage);
  Path work(const PlacedFilm& film) const;
  Status make_work(const PlacedFilm& film) const;
  const Path& unpublished(const PlacedFilm& film) const;
  Result<std::vector<FilmJob>> jobs() const;
  FilmOrder order(const PlacedFilm& film) const;
  using Locking = Result<FileLock>(const Path&, std::chrono::milliseconds);
  Result<std::vector<FileLock>> lock_work(Locking& how) const;
  Status check_rooms(const std::vector<FilmJob>& film_jobs) const;
  Result<std::vector<RenderedFilm>> render(ProgressSink& progress, DamageLog& damage) const;
  Status write_pictures(const FilmOrder& film_order) const;
  std::string receipt_of(const PlacedFilm& film, const fixity::FileDigest& output,
                         const FilmOrder& film_order, RenderedChunks chunks) const;
};

Error named(Error error, const std::vector<FilmJob>& film_jobs) {
  for (const FilmJob& job : film_jobs) error = job.store.named(error);
  return error;
}

std::vector<FilmWish> wishes_of(const ComposeOptions& options) {
  std::vector<FilmWish> wishes{{options.film, options.coding}};
  wishes.insert(wishes.end(), options.also.begin(), options.also.end());
  return wishes;
}

// What can be refused before all work.
Status check_wishes(const std::vector<FilmWish>& wishes) {
  if (wishes.size() > MostFilms)
    return fail(ErrorKind::Usage, "{} films at once: at most {} are made in one pass", wishes.size(),
                MostFilms);
  for (const FilmWish& wish : wishes)
    if (wish.film) GREFFE_CHECK(film_coding_of(*wish.film, wish.coding));
  return {};
}

Result<std::vector<PlacedFilm>> placed_films(const Path& folder, const layout::ScenePlan& plan,
                                             const std::vector<FilmWish>& wishes) {
  std::vector<PlacedFilm> films;
  for (const FilmWish& wish : wishes) {
    const Path path = wish.film ? *wish.film : default_film(folder, plan, wish.coding);
    GREFFE_TRY(const FilmCoding coding, film_coding_of(path, wish.coding));
    films.push_back({path, coding, wish.film.has_value()});
  }
  return films;
}

FilmTargets targets_of(const std::vector<PlacedFilm>& films, const ComposeOptions& options) {
  FilmTargets targets{.films = {}, .sheet = options.sheet, .thumbnails = options.thumbnails};
  for (const PlacedFilm& film : films) targets.films.push_back(film.path);
  return targets;
}

// FFV1's encoder takes 37 times four bytes for each pixel at once, though it writes a fraction.
void allow_encoders(const std::vector<PlacedFilm>& films, const layout::ScenePlan& plan) {
  constexpr std::size_t APixel = 37 * 4, More = 1 << 20;
  const std::size_t pixels = static_cast<std::size_t>(plan.width) * static_cast<std::size_t>(plan.height);
  for (const PlacedFilm& film : films)
    if (film.coding.video == media::CodecId::Ffv1) container::allow_at_once(APixel * pixels + More);
}

Result<Render> Render::prepare(const timeline::MeetingFolder& folder, const ComposeOptions& options,
                               Measure measure, ProgressSink& progress, DamageLog& damage) {
  const std::vector<FilmWish> wishes = wishes_of(options);
  GREFFE_CHECK(check_wishes(wishes));
  GREFFE_TRY(MeetingPlan planned,
             read_or_plan(options.scenes, folder, options.plan, measure, {options.jobs, progress}, damage));
  layout::ScenePlan& plan = planned.scenes;
  if (options.agenda) {
    GREFFE_TRY(plan.chapters, read_agenda(*options.agenda, plan.scenes.back().range.end));
  }
  GREFFE_TRY(FilmCues cues, film_cues_of(folder, plan.scenes.back().range.end));
  GREFFE_TRY(std::vector<PlacedFilm> films,
             placed_films(options.film_folder.value_or(folder.path / "renders"), plan, wishes));
  const FilmTargets targets = targets_of(films, options);
  GREFFE_CHECK(check_apart(targets));
  GREFFE_CHECK(check_not_inputs(files_of(targets), options.inputs, folder.path));
  allow_encoders(films, plan);
  if (!cues.any && !folder.meeting.transcripts.empty() && options.captions != CaptionMode::None)
    damage.add(
        {"no-captions", folder.meeting.id, "", 0, 1, "the transcript holds nothing that can be shown"});
  GREFFE_TRY(InputDigests inputs, digests_of(folder, !cues.shown.empty(), options.jobs));
  return Render{folder,
                options,
                std::move(plan),
                std::move(cues.shown),
                std::move(inputs),
                std::move(films),
                std::move(planned.loudness)};
}

// Of films in the meeting folder, in the folder that no manifest lists (DESIGN 3).
Path Render::work(const PlacedFilm& film) const {
  if (film.path.parent_path() == folder.path / "renders")
    return folder.path / timeline::UnfinishedFilms / film.path.filename();
  return work_beside(film.path);
}

// Never the meeting folder itself: it may have gone to the trash in the meantime.
Status Render::make_work(const PlacedFilm& film) const {
  if (film.path.parent_path() != folder.path / "renders") return make_directories(work(film));
  GREFFE_TRY(const HeldFolder held, HeldFolder::open(folder.path));
  const Status made = make_directories(held.path() / timeline::UnfinishedFilms / film.path.filename());
  return made ? made : tl::unexpected(held.named(made.error()));
}

const Path& Render::unpublished(const PlacedFilm& film) const {
  return options.unpublished && !film.has_own_path ? *options.unpublished : film.path;
}

FilmOrder Render::order(const PlacedFilm& film) const {
  FilmOrder order;
  order.folder = &folder;
  order.plan = &plan;
  order.coding = film.coding;
  order.rate = options.rate;
  order.pan = options.pan;
  order.cues = cues;
  order.burn_captions = burns(options.captions);
  order.look = options.look;
  order.caption_track = tracks(options.captions) && !cues.empty();
  order.language = language_of(folder.meeting);
  order.tool_version = options.tool_version;
  order.inputs = inputs;
  return order;
}

// The chunks of films in one codec lie where those of the first of them do.
Result<std::vector<FilmJob>> Render::jobs() const {
  std::vector<FilmJob> all;
  std::map<media::CodecId, std::size_t> first;
  for (const PlacedFilm& film : films) {
    const std::size_t like = first.try_emplace(film.coding.video, all.size()).first->second;
    FilmJob& job = all.emplace_back(FilmJob{order(film), ChunkStore(work(films[like]))});
    if (!options.anew) job.earlier = film.path;
    if (options.strict_glyphs && all.size() == 1) GREFFE_CHECK(check_glyphs(job.order));
    if (like + 1 < all.size()) {
      job.order.copied = all[like].order.copied;
    } else if (options.copy) {
      GREFFE_TRY(job.order.copied, copied_spans_of(job.order, job.order.grid()));
    }
  }
  return all;
}

// Who is done first removes the chunks of both; shares of a film are made side by side.
Result<std::vector<FileLock>> Render::lock_work(Locking& how) const {
  std::vector<FileLock> locks;
  for (const PlacedFilm& film : films) {
    GREFFE_CHECK(make_work(film));
    auto lock = how(work(film) / WorkLock, std::chrono::milliseconds(0));
    if (!lock && lock.error().kind() == ErrorKind::Busy)
      return fail(ErrorKind::Busy, "{}: another program composes this film", film.path.string());
    if (!lock) return tl::unexpected(lock.error());
    locks.push_back(std::move(*lock));
  }
  return locks;
}

Status Render::check_rooms(const std::vector<FilmJob>& film_jobs) const {
  std::vector<WantedRoom> rooms;
  for (std::size_t i = 0; i < films.size(); ++i)
    rooms.push_back({least_room_of(film_jobs[i].order), film_jobs[i].store.folder(),
                     unpublished(films[i]).parent_path()});
  return check_room(rooms);
}

Status Render::write_pictures(const FilmOrder& film_order) const {
  if (options.sheet) {
    GREFFE_TRY(const std::vector<std::uint8_t> png, sheet_of(film_order));
    GREFFE_CHECK(write_bytes_atomically(*options.sheet, png));
  }
  if (!options.thumbnails) return {};
  GREFFE_TRY(const Thumbnails thumbnails, thumbnails_of(film_order));
  return write_thumbnails(thumbnails, *options.thumbnails);
}

Result<std::vector<RenderedFilm>> Render::render(ProgressSink& progress, DamageLog& damage) const {
  GREFFE_TRY(std::vector<FilmJob> film_jobs, jobs());
  std::vector<AtomicFile> files;
  std::vector<Path> targets;
  for (const PlacedFilm& film : films) {
    GREFFE_CHECK(make_directories(unpublished(film).parent_path()));
    AtomicFile::remove_abandoned(unpublished(film));
    GREFFE_TRY(AtomicFile file, AtomicFile::create(unpublished(film)));
    targets.push_back(file.temporary_path());
    files.push_back(std::move(file));
  }
  GREFFE_TRY(const std::vector<FileLock> locks, lock_work(FileLock::acquire));
  std::vector<Path> folders;
  for (const PlacedFilm& film : films) folders.push_back(work(film));
  const EmptyWork empty_work(std::move(folders));
  for (FilmJob& job : film_jobs) GREFFE_CHECK(job.store.open());
  GREFFE_CHECK(check_rooms(film_jobs));
  if (options.loudness_lufs) {
    const Workers workers{options.jobs, progress};
    GREFFE_TRY(const TrackGains gains, loudness_gains(folder, *options.loudness_lufs, loudness, workers));
    for (FilmJob& job : film_jobs) job.order.gains = gains;
  }
  const Rendering rendering{film_jobs, options.jobs, progress};
  auto made = options.join ? rendering.join(targets, damage) : rendering.render_films(targets, damage);
  if (!made) return tl::unexpected(named(made.error(), film_jobs));
  std::vector<RenderedChunks>& chunks = *made;
  GREFFE_CHECK(write_pictures(film_jobs.front().order));
  std::vector<RenderedFilm> rendered;
  for (std::size_t i = 0; i < films.size(); ++i) {
    const FilmOrder& film_order = film_jobs[i].order;
    GREFFE_TRY(const fixity::FileDigest digest, fixity::digest_of_file(targets[i]));
    rendered.push_back({std::move(files[i]), films[i].path, digest,
                        receipt_of(films[i], digest, film_order, std::move(chunks[i])),
                        cues.empty() ? "" : caption::write_webvtt(cues), work(films[i]),
                        samples_of_film(film_order)});
  }
  return rendered;
}

std::string Render::receipt_of(const PlacedFilm& film, const fixity::FileDigest& output,
                               const FilmOrder& film_order, RenderedChunks chunks) const {
  Receipt receipt;
  receipt.film = film.path.filename().string();
  receipt.output = output;
  if (!cues.empty()) receipt.captions = fixity::digest_of(caption::write_webvtt(cues));
  for (const auto& [file, digest] : inputs) receipt.inputs.push_back({file, digest});
  receipt.options = options_json(options, film_order);
  receipt.tool_version = options.tool_version;
  receipt.libraries = compose_library_versions();
  receipt.scenes = layout::to_json(plan);
  receipt.chunks = std::move(chunks);
  return indented(to_json(receipt));
}

}  // namespace

std::string_view name_of(CaptionMode mode) {
  for (const ModeName& known : ModeNames)
    if (known.mode == mode) return known.name;
  return "none";
}

Result<CaptionMode> caption_mode_of(std::string_view name) {
  for (const ModeName& known : ModeNames)
    if (known.name == name) return known.mode;
  return fail(ErrorKind::Usage, "captions \"{}\": none, burn, track or both", name);
}

Result<codec::FrameRate> frame_rate_of(std::string_view text) {
  std::string_view rest = text;
  const auto above = find_number<std::int32_t>(take_until(rest, '/'));
  const auto below = text.find('/') == std::string_view::npos ? 1 : find_number<std::int32_t>(rest);
  if (!above || !below || *below < 1 || *below > 1'000'000 || *above < *below || *above / *below > 240 ||
      *above > 240'000'000)
    return fail(ErrorKind::Usage, "frame rate \"{}\": a number from 1 to 240, or a fraction like 30000/1001",
                text);
  return codec::FrameRate{*above, *below};
}

Result<ChunkShare> chunk_share_of(std::string_view text) {
  std::string_view rest = text;
  const auto number = find_number<unsigned>(take_until(rest, '/'));
  const auto of = find_number<unsigned>(rest);
  if (!number || !of || *number < 1 || *number > *of)
    return fail(ErrorKind::Usage, "share \"{}\": K/N with K from 1 to N, like 2/5", text);
  return ChunkShare{*number, *of};
}

Result<std::vector<RenderedFilm>> compose(const timeline::MeetingFolder& folder,
                                          const ComposeOptions& options, ProgressSink& progress,
                                          DamageLog& damage) {
  const Measure measure = options.loudness_lufs ? Measure::LevelsAndLoudness : Measure::Levels;
  GREFFE_TRY(const Render render, Render::prepare(folder, options, measure, progress, damage));
  return render.render(progress, damage);
}

Result<std::vector<Path>> compose_chunks(const timeline::MeetingFolder& folder, const ComposeOptions& options,
                                         const ChunkShare& share, ProgressSink& progress, DamageLog& damage) {
  GREFFE_TRY(const Render render, Render::prepare(folder, options, Measure::Levels, progress, damage));
  GREFFE_TRY(std::vector<FilmJob> jobs, render.jobs());
  GREFFE_TRY(const std::vector<FileLock> locks, render.lock_work(FileLock::share));
  for (FilmJob& job : jobs) GREFFE_CHECK(job.store.open());
  const Status made = Rendering{jobs, options.jobs, progress}.render_chunks(share);
  if (!made) return tl::unexpected(named(made.error(), jobs));
  std::vector<Path> folders;
  for (const FilmJob& job : jobs)
    if (std::find(folders.begin(), folders.end(), job.store.folder()) == folders.end())
      folders.push_back(job.store.folder());
  return folders;
}

Composed places_of(const RenderedFilm& film) {
  Composed composed{film.film, receipt_beside(film.film), std::nullopt, film.work};
  if (!film.vtt.empty()) composed.vtt = captions_beside(film.film);
  return composed;
}

Result<Composed> publish(RenderedFilm film) {
  Composed composed = places_of(film);
  const Path beside = captions_beside(film.film);
  const bool outdated = !composed.vtt && owns_captions(composed.receipt, beside);
  GREFFE_CHECK(film.file.commit());
  if (composed.vtt) GREFFE_CHECK(write_text_atomically(*composed.vtt, film.vtt));
  std::error_code none;
  if (outdated) std::filesystem::remove(beside, none);
  if (!composed.vtt && std::filesystem::exists(beside, none))
    log::warning("{}: not of this film, which has no captions; players may show it", beside.string());
  GREFFE_CHECK(write_text_atomically(composed.receipt, film.receipt));
  return composed;
}

LibraryVersions compose_library_versions() {
  LibraryVersions all = codec::video_library_versions();
  for (const LibraryVersions& more :
       {codec::audio_library_versions(), mixer::loudness_library_versions(), canvas::library_versions()})
    for (const LibraryVersion& library : more)
      if (std::none_of(all.begin(), all.end(), [&](const auto& known) { return known.name == library.name; }))
        all.push_back(library);
  return all;
}

}  // namespace greffe::film
