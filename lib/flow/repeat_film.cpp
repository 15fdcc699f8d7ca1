#include "flow/repeat_film.h"

#include "base/log.h"
#include "film/compose.h"
#include "fixity/digest.h"
#include "flow/meeting_place.h"
#include "json/read_file.h"
#include "json/reader.h"

namespace greffe::flow {
namespace {

constexpr std::uint64_t LargestReceipt = 256u << 20;

using Versions = std::map<std::string, std::string>;

// A receipt as far as a film can be made of it.
struct Recipe {
  std::string film;  // file name
  std::string sha256;
  std::map<std::string, std::string> inputs;  // digests by path in the meeting folder
  Versions versions;
  json::Value scenes;
  film::ComposeOptions options;
  std::string logo_sha256;  // empty: none
};

Versions versions_of(json::Reader& reader) {
  Versions versions;
  for (const char* group : {"tools", "libraries"})
    for (const auto& [name, version] : reader.object(group))
      if (const std::string* text = version.find_text()) versions[name] = *text;
  return versions;
}

Versions versions_now(const std::string& tool_version) {
  Versions versions{{"greffe-compose", tool_version}};
  for (const LibraryVersion& library : film::compose_library_versions())
    versions[library.name] = library.version;
  return versions;
}

Status read_coding(json::Reader& options, film::ComposeOptions& compose) {
  GREFFE_TRY(compose.rate, film::frame_rate_of(options.text("fps")));
  GREFFE_TRY(compose.coding.video, film::film_video_of(options.text("video")));
  GREFFE_TRY(compose.coding.sound, film::film_sound_of(options.text("sound")));
  GREFFE_TRY(compose.captions, film::caption_mode_of(options.text("captions")));
  compose.pan = options.boolean("pan", false);
  compose.copy = options.boolean("copy", false);
  const json::Value* loudness = options.find("loudness");
  compose.loudness_lufs.reset();
  if (loudness && loudness->find_object()) {
    json::Reader wanted(*loudness, options.place_of("loudness"));
    compose.loudness_lufs = wanted.number("target_lufs");
    GREFFE_CHECK(wanted.status());
  }
  return options.status();
}

Status read_look(json::Reader& options, Recipe& recipe) {
  const json::Value* value = options.find("look");
  if (!value) return {};
  json::Reader look(*value, options.place_of("look"));
  film::FilmLook& film = recipe.options.look;
  film.light = look.find_text("theme") == "light";
  film.round = look.find_text("corners") == "round";
  film.title_card = look.boolean("title_card", false);
  film.date_zone = look.find_text("date_zone").value_or("");
  film.clock_zone = look.find_text("clock").value_or("");
  recipe.logo_sha256 = look.find_text("logo_sha256").value_or("");
  return look.status();
}

Result<Recipe> recipe_of(const json::Value& receipt) {
  Recipe recipe;
  json::Reader reader(receipt, "");
  if (reader.text("schema") != "greffe.receipt/1") return fail("schema: expected greffe.receipt/1");
  const json::Value* const output = reader.find("output");
  const json::Value* const options = reader.find("options");
  const json::Value* const scenes = reader.find("scenes");
  if (!output || !options) return fail("output or options: missing");
  if (!scenes) return fail("scenes: missing; the film is of an older version, which did not keep them");
  json::Reader film(*output, "output");
  recipe.film = film.text("file");
  recipe.sha256 = film.text("sha256");
  GREFFE_CHECK(film.status());
  for (const json::Value& value : reader.array("inputs")) {
    json::Reader input(value, "inputs");
    recipe.inputs[input.text("file")] = input.text("sha256");
    GREFFE_CHECK(input.status());
  }
  recipe.versions = versions_of(reader);
  recipe.scenes = *scenes;
  json::Reader wanted(*options, "options");
  GREFFE_CHECK(read_coding(wanted, recipe.options));
  GREFFE_CHECK(read_look(wanted, recipe));
  GREFFE_CHECK(reader.status());
  return recipe;
}

// A name in a receipt never leaves the folder it is looked for in.
Status check_names(const Recipe& recipe) {
  if (Path(recipe.film).filename() != recipe.film || recipe.film.empty())
    return fail("output.file: \"{}\" is no file name", recipe.film);
  for (const auto& [file, digest] : recipe.inputs)
    if (Path(file).is_absolute() || Path(file).lexically_normal() != file || file.starts_with(".."))
      return fail("inputs: \"{}\" is no path in the meeting folder", file);
  return {};
}

void compare_file(const Path& file, const std::string& sha256, std::string_view changed,
                  std::vector<journal::Finding>& findings) {
  const auto now = fixity::digest_of_file(file);
  if (!now)
    findings.push_back({"input-missing", file.string(), now.error().message()});
  else if (now->digest.hex() != sha256)
    findings.push_back({changed, file.string(), fmt::format("its SHA-256 was {}", sha256)});
}

// The meeting folder, whatever of it is missing.
Result<Path> folder_of(const Path& receipt, const std::optional<Path>& given) {
  const Path path = given ? *given : std::filesystem::absolute(receipt).parent_path().parent_path();
  std::error_code unknown;
  if (exists(path / "meeting.json", unknown) || exists(path / "tracks", unknown)) return path;
  if (given) return fail("{}: not a meeting folder", given->string());
  return fail("{}: is not in the renders/ of a meeting folder: give --folder", receipt.string());
}

// That which the film is made with.
Result<std::optional<Path>> logo_of(const Recipe& recipe, const std::optional<Path>& given) {
  const bool wanted = !recipe.logo_sha256.empty();
  if (wanted && !given) return fail(ErrorKind::Usage, "the film has a logo: give --logo FILE");
  if (!wanted && given) log::warning("the film has no logo: --logo has no say");
  return wanted ? given : std::nullopt;
}

std::vector<std::string> differences(const Versions& then, const Versions& now) {
  std::vector<std::string> others;
  for (const auto& [name, version] : then) {
    const auto found = now.find(name);
    const std::string is = found == now.end() ? "not there" : found->second;
    if (is != version) others.push_back(fmt::format("{} {}, now {}", name, version, is));
  }
  return others;
}

// The film, then all that it was made of; false when anything of that is other than it was.
bool compare_files(const Recipe& recipe, const Path& folder, const std::optional<Path>& logo,
                   Repetition& repetition) {
  compare_file(repetition.film, recipe.sha256, "film-changed", repetition.findings);
  const std::size_t of_film = repetition.findings.size();
  for (const auto& [file, sha256] : recipe.inputs)
    compare_file(folder / file, sha256, "input-changed", repetition.findings);
  if (logo) compare_file(*logo, recipe.logo_sha256, "input-changed", repetition.findings);
  return repetition.findings.size() == of_film;
}

Status render_again(const Path& path, const std::optional<Path>& logo, Recipe recipe,
                    const RepeatOptions& options, ProgressSink& progress, DamageLog& damage,
                    Repetition& repetition) {
  GREFFE_TRY(const timeline::MeetingFolder folder, timeline::open_meeting_folder(path));
  GREFFE_TRY(const auto work, WorkFolder::create());
  const Path scenes = work->path() / "scenes.json";
  GREFFE_CHECK(write_text_atomically(scenes, json::write(recipe.scenes)));
  recipe.options.scenes = scenes;
  recipe.options.film = work->path() / recipe.film;
  recipe.options.jobs = options.jobs;
  recipe.options.tool_version = options.tool_version;
  if (logo) GREFFE_CHECK(film::add_logo(*logo, recipe.options.look));
  GREFFE_TRY(const std::vector<film::RenderedFilm> films, compose(folder, recipe.options, progress, damage));
  const film::RenderedFilm& film = films.front();
  repetition.repeated = true;
  repetition.same = film.digest.digest.hex() == recipe.sha256;
  const bool film_is_there = repetition.findings.empty();
  if (!repetition.same && film_is_there && !repetition.other_versions.empty()) {
    GREFFE_TRY(repetition.distance,
               film::distance_of(repetition.film, film.file.temporary_path(), *recipe.options.coding.video));
  }
  return {};
}

}  // namespace

Result<Repetition> repeat_film(const Path& receipt, const RepeatOptions& options, ProgressSink& progress,
                               DamageLog& damage) {
  GREFFE_TRY(const json::Value value, json::read_file(receipt, LargestReceipt));
  auto recipe = recipe_of(value);
  if (!recipe) return fail_within(receipt.string(), recipe);
  if (const Status named = check_names(*recipe); !named) return fail_within(receipt.string(), named);

  GREFFE_TRY(const Path path, folder_of(receipt, options.folder));
  GREFFE_TRY(const std::optional<Path> logo, logo_of(*recipe, options.logo));
  Repetition repetition;
  repetition.film = receipt.parent_path() / recipe->film;
  repetition.other_versions = differences(recipe->versions, versions_now(options.tool_version));
  // Before anything is read of the folder: what cannot be read is a finding, too.
  if (!compare_files(*recipe, path, logo, repetition)) return repetition;
  GREFFE_CHECK(render_again(path, logo, std::move(*recipe), options, progress, damage, repetition));
  return repetition;
}

}  // namespace greffe::flow
