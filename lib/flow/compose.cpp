#include "flow/compose.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <map>

#include "base/file_lock.h"
#include "base/text.h"
#include "canvas/library_versions.h"
#include "caption/webvtt.h"
#include "codec/audio_decoder.h"
#include "flow/copied_spans.h"
#include "flow/film_clock.h"
#include "flow/film_cues.h"
#include "flow/film_room.h"
#include "flow/film_sheet.h"
#include "flow/film_text.h"
#include "flow/parallel.h"
#include "flow/plan_meeting.h"
#include "flow/read_plan.h"
#include "flow/receipt.h"
#include "flow/render_film.h"
#include "layout/agenda.h"
#include "layout/read_regions.h"
#include "mixer/limiter.h"
#include "mixer/loudness.h"

namespace greffe::flow {
namespace {

constexpr std::string_view Unfinished = "renders/.work";

struct ModeName {
  CaptionMode mode;
  std::string_view name;
};
constexpr std::array ModeNames{ModeName{CaptionMode::None, "none"}, ModeName{CaptionMode::Burn, "burn"},
                               ModeName{CaptionMode::Track, "track"}, ModeName{CaptionMode::Both, "both"}};

bool burns(CaptionMode mode) { return mode == CaptionMode::Burn || mode == CaptionMode::Both; }
bool tracks(CaptionMode mode) { return mode == CaptionMode::Track || mode == CaptionMode::Both; }

Result<layout::ScenePlan> scenes_of(const MeetingFolder& folder, const ComposeOptions& options,
                                    DamageLog& damage) {
  if (options.scenes) return read_plan(*options.scenes, folder.meeting);
  return plan_meeting(folder, options.plan, damage);
}

Path default_film(const MeetingFolder& folder, const layout::ScenePlan& plan, const CodingWish& coding) {
  const std::string& layout = plan.scenes.front().layout;
  return folder.path / "renders" /
         film_name_of(layout.empty() ? "scenes" : layout, plan.width, plan.height, coding);
}

Result<std::vector<layout::Chapter>> read_agenda(const Path& file, MeetingTime end) {
  GREFFE_TRY(const std::string text, read_text(file, 1u << 20));
  auto chapters = layout::parse_agenda(text, end);
  if (!chapters) return fail_within(file.string(), chapters);
  return chapters;
}

using InputDigests = std::map<std::string, fixity::Digest>;

Result<InputDigests> digests_of(const MeetingFolder& folder, bool with_cues, unsigned jobs) {
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

// One render, step by step.
struct Render {
  const MeetingFolder& folder;
  const ComposeOptions& options;
  layout::ScenePlan plan;
  std::vector<caption::Cue> cues;
  InputDigests inputs;
  Path film;
  FilmCoding coding;

  static Result<Render> prepare(const MeetingFolder& folder, const ComposeOptions& options,
                                DamageLog& damage);
  Path work() const;
  Result<FilmOrder> order() const;
  Result<RenderedFilm> film_of(ProgressSink& progress, DamageLog& damage) const;
  std::string receipt_of(const fixity::FileDigest& output, const FilmOrder& film_order,
                         RenderedChunks chunks) const;
  std::optional<Path> earlier() const;
};

Result<Render> Render::prepare(const MeetingFolder& folder, const ComposeOptions& options,
                               DamageLog& damage) {
  if (options.film) GREFFE_CHECK(film_coding_of(*options.film, options.coding));  // before all work
  GREFFE_TRY(layout::ScenePlan plan, scenes_of(folder, options, damage));
  if (options.agenda) {
    GREFFE_TRY(plan.chapters, read_agenda(*options.agenda, plan.scenes.back().range.end));
  }
  GREFFE_TRY(std::vector<caption::Cue> cues, film_cues_of(folder, plan.scenes.back().range.end));
  const Path film = options.film ? *options.film : default_film(folder, plan, options.coding);
  GREFFE_TRY(const FilmCoding coding, film_coding_of(film, options.coding));
  if (cues.empty() && !folder.meeting.transcripts.empty() && options.captions != CaptionMode::None)
    damage.add(
        {"no-captions", folder.meeting.id, "", 0, 1, "the transcript holds nothing that can be shown"});
  GREFFE_TRY(InputDigests inputs, digests_of(folder, !cues.empty(), options.jobs));
  return Render{folder, options, std::move(plan), std::move(cues), std::move(inputs), film, coding};
}

// Of films in the meeting folder, in the folder that no manifest lists (DESIGN 3).
Path Render::work() const {
  if (film.parent_path() == folder.path / "renders") return folder.path / Unfinished / film.filename();
  return film.parent_path() / fmt::format(".{}.work", film.filename().string());
}

Result<FilmOrder> Render::order() const {
  FilmOrder order;
  order.folder = &folder;
  order.plan = &plan;
  order.coding = coding;
  order.rate = options.rate;
  order.pan = options.pan;
  order.cues = cues;
  order.burn_captions = burns(options.captions);
  order.look = options.look;
  order.caption_track = tracks(options.captions) && !cues.empty();
  order.language = language_of(folder.meeting);
  order.tool_version = options.tool_version;
  order.inputs = inputs;
  if (options.strict_glyphs) GREFFE_CHECK(check_glyphs(order));
  if (options.copy) {
    GREFFE_TRY(order.copied, copied_spans_of(order, order.grid()));
  }
  return order;
}

Result<RenderedFilm> Render::film_of(ProgressSink& progress, DamageLog& damage) const {
  GREFFE_TRY(FilmOrder film_order, order());
  const Path& unpublished = options.unpublished ? *options.unpublished : film;
  GREFFE_CHECK(make_directories(unpublished.parent_path()));
  AtomicFile::remove_abandoned(unpublished);
  GREFFE_TRY(AtomicFile file, AtomicFile::create(unpublished));
  ChunkStore store(work());
  GREFFE_CHECK(make_directories(store.folder()));
  // Who is done first removes the chunks of both.
  const auto lock = FileLock::acquire(store.folder() / "lock", std::chrono::milliseconds(0));
  if (!lock && lock.error().kind() == ErrorKind::Busy)
    return fail(ErrorKind::Busy, "{}: another program composes this film", film.string());
  if (!lock) return tl::unexpected(lock.error());
  GREFFE_CHECK(check_room(least_room_of(film_order), store.folder(), unpublished.parent_path()));
  if (options.loudness_lufs) {
    const Workers workers{options.jobs, progress};
    GREFFE_TRY(film_order.gains, loudness_gains(folder, *options.loudness_lufs, workers));
  }
  const Rendering rendering{film_order, store, options.jobs, progress, earlier()};
  GREFFE_TRY(RenderedChunks chunks, options.join ? rendering.join(file.temporary_path(), damage)
                                                 : rendering.render_film(file.temporary_path(), damage));
  if (options.sheet) {
    GREFFE_TRY(const std::vector<std::uint8_t> png, sheet_of(film_order));
    GREFFE_CHECK(write_text_atomically(
        *options.sheet, std::string_view(reinterpret_cast<const char*>(png.data()), png.size())));
  }
  GREFFE_TRY(const fixity::FileDigest digest, fixity::digest_of_file(file.temporary_path()));
  return RenderedFilm{std::move(file),
                      film,
                      digest,
                      receipt_of(digest, film_order, std::move(chunks)),
                      cues.empty() ? "" : caption::write_webvtt(cues),
                      store.folder(),
                      samples_of_film(film_order)};
}

std::optional<Path> Render::earlier() const {
  if (options.anew) return std::nullopt;
  return film;
}

std::string Render::receipt_of(const fixity::FileDigest& output, const FilmOrder& film_order,
                               RenderedChunks chunks) const {
  Receipt receipt;
  receipt.film = film.filename().string();
  receipt.output = output;
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
  codec::FrameRate rate{0, 1};
  const char* const end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, rate.numerator);
  if (read.ec == std::errc{} && read.ptr != end && *read.ptr == '/')
    read = std::from_chars(read.ptr + 1, end, rate.denominator);
  const bool whole = read.ec == std::errc{} && read.ptr == end;
  if (!whole || rate.denominator < 1 || rate.denominator > 1'000'000 || rate.numerator < rate.denominator ||
      rate.numerator / rate.denominator > 240 || rate.numerator > 240'000'000)
    return fail(ErrorKind::Usage, "frame rate \"{}\": a number from 1 to 240, or a fraction like 30000/1001",
                text);
  return rate;
}

Result<std::uint64_t> remove_unfinished(const MeetingFolder& folder) {
  const Path work = folder.path / Unfinished;
  std::error_code none;
  if (!std::filesystem::exists(work, none)) return 0;
  GREFFE_TRY(const std::vector<Path> files, files_below(work));
  std::uint64_t bytes = 0;
  for (const Path& file : files) bytes += std::filesystem::file_size(work / file, none);
  GREFFE_CHECK(remove_tree(work));
  return bytes;
}

Result<ChunkShare> chunk_share_of(std::string_view text) {
  ChunkShare share{0, 0};
  const char* const end = text.data() + text.size();
  auto read = std::from_chars(text.data(), end, share.number);
  if (read.ec == std::errc{} && read.ptr != end && *read.ptr == '/')
    read = std::from_chars(read.ptr + 1, end, share.of);
  if (read.ec != std::errc{} || read.ptr != end || share.number < 1 || share.number > share.of)
    return fail(ErrorKind::Usage, "share \"{}\": K/N with K from 1 to N, like 2/5", text);
  return share;
}

Result<RenderedFilm> compose(const MeetingFolder& folder, const ComposeOptions& options,
                             ProgressSink& progress, DamageLog& damage) {
  GREFFE_TRY(const Render render, Render::prepare(folder, options, damage));
  return render.film_of(progress, damage);
}

Result<Path> compose_chunks(const MeetingFolder& folder, const ComposeOptions& options,
                            const ChunkShare& share, ProgressSink& progress, DamageLog& damage) {
  GREFFE_TRY(const Render render, Render::prepare(folder, options, damage));
  GREFFE_TRY(const FilmOrder order, render.order());
  ChunkStore store(render.work());
  GREFFE_CHECK((Rendering{order, store, options.jobs, progress, render.earlier()}.render_chunks(share)));
  return store.folder();
}

Composed places_of(const RenderedFilm& film) {
  Composed composed{film.film, Path(film.film.string() + ".receipt.json"), std::nullopt, film.work};
  if (!film.vtt.empty()) composed.vtt = Path(film.film).replace_extension(".vtt");
  return composed;
}

Result<Composed> publish(RenderedFilm film) {
  Composed composed = places_of(film);
  GREFFE_CHECK(film.file.commit());
  if (composed.vtt) GREFFE_CHECK(write_text_atomically(*composed.vtt, film.vtt));
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

}  // namespace greffe::flow
