// list, show, search, sql: what changes nothing.
#include "base/log.h"
#include "base/text.h"
#include "catalog/query.h"
#include "catalog/search.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "greffe-catalog/verbs.h"

namespace greffe::catalog_tool {
namespace {

using cli::Align;
using cli::Table;

std::string instant(std::int64_t unix_ms, int digits = 0) {
  return rfc3339(WallTime(std::chrono::milliseconds(unix_ms)), digits);
}
std::string clock(std::int64_t ms) { return clock_text(MeetingTime(std::chrono::milliseconds(ms))); }

// Text of others on one line of a terminal.
std::string one_line(std::string_view text) {
  std::string line = printable(text);
  for (char& c : line)
    if (c == '\n' || c == '\t') c = ' ';
  return line;
}

json::Object meeting_json(const catalog::MeetingRow& row) {
  return {{"meeting", row.id},
          {"title", row.title},
          {"start", instant(row.start_unix_ms, 3)},
          {"duration_ms", row.duration_ms},
          {"origin", row.origin},
          {"class", row.meeting_class},
          {"manifest_sha256", row.manifest.hex()}};
}

void print_json(std::string_view schema, const json::Object& members) {
  json::Object line{{"schema", schema}};
  for (const auto& [name, value] : members) line.set(name, value);
  cli::print(json::write(line) + "\n");
}

json::Array participants_json(const catalog::MeetingRecord& record) {
  json::Array array;
  for (const auto& row : record.participants)
    array.push_back(json::Object{{"id", row.id}, {"name", row.name}});
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
      .set("participants", participants_json(record))
      .set("tracks", tracks_json(record));
  object.set("assets", std::move(assets)).set("renders", std::move(renders)).set("cues", record.cues.size());
  return object;
}

std::string record_text(const catalog::MeetingRecord& record, const Path& folder) {
  const catalog::MeetingRow& meeting = record.meeting;
  std::string text = fmt::format("{}\n{}\n", meeting.id, one_line(meeting.title));
  text +=
      fmt::format("start   {}\nlength  {}\n", instant(meeting.start_unix_ms, 3), clock(meeting.duration_ms));
  if (!meeting.origin.empty()) text += fmt::format("origin  {}\n", one_line(meeting.origin));
  if (!meeting.meeting_class.empty()) text += fmt::format("class   {}\n", one_line(meeting.meeting_class));
  text += fmt::format("folder  {}\n", one_line(folder.string()));
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
      tracks.add({row.track, row.role, row.codec, clock(row.start_ms), clock(row.end_ms),
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

Result<catalog::Archive> open_archive(const Options& options) {
  if (options.archive.empty())
    return fail(ErrorKind::Usage, "which archive? Give --archive DIR or set GREFFE_ARCHIVE");
  return catalog::Archive::open(options.archive);
}

Result<catalog::Catalog> open_catalog(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  return catalog::Catalog::open_read_only(archive.catalog_file(), {.lock_wait = options.lock_wait});
}

Result<int> list(const Options& options) {
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(const auto meetings, catalog.meetings());
  Table table({{"MEETING"},
               {"START"},
               {"LENGTH", Align::Right},
               {"PEOPLE", Align::Right},
               {"TRACKS", Align::Right},
               {"FILMS", Align::Right},
               {"TITLE"}});
  for (const catalog::MeetingSummary& summary : meetings) {
    const catalog::MeetingRow& row = summary.meeting;
    if (options.json) {
      json::Object line = meeting_json(row);
      line.set("participants", summary.participants)
          .set("tracks", summary.tracks)
          .set("renders", summary.renders)
          .set("bytes", summary.bytes);
      print_json("greffe.list/1", line);
    } else {
      table.add({row.id, instant(row.start_unix_ms), clock(row.duration_ms),
                 fmt::format("{}", summary.participants), fmt::format("{}", summary.tracks),
                 fmt::format("{}", summary.renders), row.title});
    }
  }
  if (!options.json && !table.empty()) cli::print(table.text());
  log::info("{} meetings", meetings.size());
  return cli::Done;
}

Result<int> show(const Options& options) {
  GREFFE_TRY(const catalog::Archive archive, open_archive(options));
  GREFFE_TRY(const std::string id, archive.find_meeting(options.meeting));
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(const auto record, catalog.find_meeting(id));
  if (!record)
    return fail("{}: the folder is there, but not in the catalog; greffe-catalog rebuild enters it", id);
  if (options.json) {
    GREFFE_TRY(const json::Object object, record_json(*record, archive.meeting_folder(id)));
    print_json("greffe.show/1", object);
  } else {
    cli::print(record_text(*record, archive.meeting_folder(id)));
  }
  return cli::Done;
}

Result<int> search(const Options& options) {
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  const auto order = options.by_rank ? catalog::SearchOrder::Rank : catalog::SearchOrder::NewestFirst;
  GREFFE_TRY(catalog::CueSearch found, catalog::CueSearch::open(catalog, options.phrases, order));
  std::string meeting;  // of the line before
  std::int64_t count = 0;
  while (true) {
    GREFFE_TRY(const auto hit, found.next());
    if (!hit) break;
    ++count;
    bool read = true;
    if (options.json) {
      const json::Object line{{"schema", "greffe.search/1"},
                              {"meeting", hit->meeting},
                              {"title", hit->title},
                              {"start_ms", hit->start_ms},
                              {"end_ms", hit->end_ms},
                              {"speaker", hit->speaker},
                              {"text", hit->text}};
      read = cli::print(json::write(line) + "\n");
    } else {
      if (hit->meeting != meeting) cli::print(fmt::format("{}  {}\n", hit->meeting, one_line(hit->title)));
      meeting = hit->meeting;
      const std::string speaker = hit->speaker.empty() ? "" : one_line(hit->speaker) + ": ";
      read = cli::print(fmt::format("  {}  {}{}\n", clock(hit->start_ms), speaker, one_line(hit->text)));
    }
    if (!read) break;
  }
  log::info("{} cues", count);
  return cli::Done;
}

Result<int> sql(const Options& options) {
  GREFFE_TRY(const catalog::Catalog catalog, open_catalog(options));
  GREFFE_TRY(catalog::Query query, catalog::Query::open(catalog, options.sql));
  std::vector<Table::Column> columns;
  for (const std::string& name : query.columns()) columns.push_back({one_line(name)});
  Table table(std::move(columns));
  while (true) {
    GREFFE_TRY(const auto row, query.next());
    if (!row) break;
    json::Object object;
    std::vector<std::string> cells;
    for (std::size_t i = 0; i < row->size(); ++i) {
      const std::string* text = (*row)[i].find_text();
      if (options.json)
        object.set(query.columns()[i], (*row)[i]);
      else
        cells.push_back(text ? *text : (*row)[i].is_null() ? "" : json::write((*row)[i]));
    }
    if (!options.json)
      table.add(std::move(cells));
    else if (!cli::print(json::write(json::Object{{"schema", "greffe.sql/1"}, {"row", std::move(object)}}) +
                         "\n"))
      break;
  }
  if (!options.json) cli::print(table.text());
  return cli::Done;
}

}  // namespace greffe::catalog_tool
