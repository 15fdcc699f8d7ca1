// show: one meeting with all that belongs to it.
#include "base/text.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "custody/saved_queries.h"
#include "greffe-catalog/verbs.h"
#include "shared/named_archive.h"
#include "units/time_zone.h"

namespace greffe::catalog_tool {
namespace {

using cli::Align;
using cli::Table;

std::string instant(std::int64_t unix_ms) { return rfc3339(WallTime(std::chrono::milliseconds(unix_ms))); }

json::Array participants_json(const catalog::MeetingRecord& record) {
  json::Array array;
  for (const auto& row : record.participants)
    array.push_back(json::Object{{"id", row.id}, {"name", row.name}});
  return array;
}

json::Array producers_json(const catalog::MeetingRecord& record) {
  json::Array array;
  for (const auto& row : record.producers) array.emplace_back(row.name);
  return array;
}

json::Array tracks_json(const catalog::MeetingRecord& record) {
  json::Array array;
  for (const auto& row : record.tracks)
    array.push_back(json::Object{{"track", row.track},
                                 {"participant", row.participant},
                                 {"role", row.role},
                                 {"codec", row.codec},
                                 {"dump", row.dump},
                                 {"start_ms", row.start_ms},
                                 {"end_ms", row.end_ms},
                                 {"frames", row.frames},
                                 {"packets", row.packets},
                                 {"lost", row.lost},
                                 {"recovered", row.recovered},
                                 {"late", row.late},
                                 {"duplicates", row.duplicates}});
  return array;
}

Result<json::Object> record_json(const catalog::MeetingRecord& record, const Path& folder) {
  json::Object object = meeting_json(record.meeting);
  json::Array assets, renders;
  for (const auto& row : record.assets)
    assets.push_back(json::Object{
        {"path", row.path}, {"kind", row.kind}, {"bytes", row.bytes}, {"sha256", row.digest.hex()}});
  for (const auto& row : record.renders) {
    GREFFE_TRY(json::Value render_options, json::parse(row.options));
    renders.push_back(json::Object{{"file", row.file},
                                   {"bytes", row.bytes},
                                   {"sha256", row.digest.hex()},
                                   {"receipt", row.receipt},
                                   {"scenes_sha256", row.scenes.hex()},
                                   {"options", std::move(render_options)}});
  }
  object.set("folder", folder.string())
      .set("producers", producers_json(record))
      .set("participants", participants_json(record))
      .set("tracks", tracks_json(record));
  object.set("assets", std::move(assets)).set("renders", std::move(renders)).set("cues", record.cues.size());
  return object;
}

std::string record_text(const catalog::MeetingRecord& record, const Path& folder) {
  const catalog::MeetingRow& meeting = record.meeting;
  std::string text = fmt::format("{}\n{}\n", meeting.id, one_line(meeting.title));
  text +=
      fmt::format("start   {}\nlength  {}\n", instant(meeting.start_unix_ms), clock_of(meeting.duration_ms));
  if (!meeting.origin.empty()) text += fmt::format("origin  {}\n", one_line(meeting.origin));
  if (!meeting.meeting_class.empty()) text += fmt::format("class   {}\n", one_line(meeting.meeting_class));
  for (const auto& row : record.producers) text += fmt::format("of      {}\n", one_line(row.name));
  text += fmt::format("folder  {}\n", one_line(folder.string()));
  for (const catalog::AssetRow& row : record.assets)
    if (row.kind == "documents") text += fmt::format("kept    {}\n", one_line(row.path));
  text += fmt::format("holds   {} files, {} cues\n\n", record.assets.size(), record.cues.size());
  Table people({{"ID"}, {"NAME"}});
  for (const auto& row : record.participants) people.add({row.id, row.name});
  text += people.text();
  if (!record.tracks.empty()) {
    Table tracks({{"TRACK"},
                  {"ROLE"},
                  {"CODEC"},
                  {"FROM", Align::Right},
                  {"TO", Align::Right},
                  {"FRAMES", Align::Right},
                  {"LOST", Align::Right}});
    for (const auto& row : record.tracks)
      tracks.add({row.track, row.role, row.codec, clock_of(row.start_ms), clock_of(row.end_ms),
                  fmt::format("{}", row.frames), fmt::format("{}", row.lost)});
    text += "\n" + tracks.text();
  }
  if (!record.renders.empty()) {
    Table films({{"FILM"}, {"BYTES", Align::Right}, {"SHA-256"}});
    for (const auto& row : record.renders)
      films.add({row.file, fmt::format("{}", row.bytes), row.digest.hex()});
    text += "\n" + films.text();
  }
  return text;
}

}  // namespace

std::string clock_of(std::int64_t ms) { return clock_text(MeetingTime(std::chrono::milliseconds(ms))); }

std::string one_line(std::string_view text) {
  std::string line = printable(text);
  for (char& c : line)
    if (c == '\n' || c == '\t') c = ' ';
  return line;
}

json::Object meeting_json(const catalog::MeetingRow& row) {
  return {{"meeting", row.id},
          {"title", row.title},
          {"start", instant(row.start_unix_ms)},
          {"duration_ms", row.duration_ms},
          {"origin", row.origin},
          {"class", row.meeting_class},
          {"manifest_sha256", row.manifest.hex()}};
}

Result<catalog::Archive> open_archive(const Options& options) { return open_named_archive(options.archive); }

Result<catalog::Catalog> open_catalog(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  return catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = options.lock_wait});
}

Result<catalog::MeetingScope> scope_of(const catalog::Archive& archive, const Options& options) {
  if (!options.query.empty() && !options.condition.empty())
    return fail(ErrorKind::Usage, "either --query or --where");
  return custody::scope_of(archive, options.query, options.condition);
}

Result<int> show(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const std::string id, archive.find_any_meeting(options.meeting));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(const auto record, catalog.find_meeting(id));
  if (!record)
    return fail("{}: the folder is there, but not in the catalog; greffe-catalog rebuild enters it", id);
  if (options.json) {
    GREFFE_TRY(const json::Object object, record_json(*record, archive.place_of(id)));
    json::Object line{{"schema", "greffe.show/1"}};
    for (const auto& [name, value] : object) line.set(name, value);
    cli::print(json::write(line) + "\n");
  } else {
    cli::print(record_text(*record, archive.place_of(id)));
  }
  return cli::Done;
}

}  // namespace greffe::catalog_tool
