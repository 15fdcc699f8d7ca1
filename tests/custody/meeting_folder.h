// A meeting folder made by hand, as ingest leaves one.
#pragma once

#include <filesystem>
#include <string>

#include "base/folder.h"
#include "catalog/archive.h"
#include "fixity/manifest.h"
#include "json/value.h"
#include "support/samples.h"
#include "timeline/meeting.h"

namespace greffe::test {

// Writes the manifest over all files that are in the folder.
inline fixity::Digest write_manifest_of(const std::filesystem::path& folder) {
  fixity::Manifest manifest;
  const auto files = files_below(folder);
  for (const auto& file : files.value())
    if (file != fixity::ManifestName)
      static_cast<void>(manifest.add(file.string(), fixity::digest_of_file(folder / file)->digest));
  static_cast<void>(write_text_atomically(folder / fixity::ManifestName, manifest.text()));
  return fixity::digest_of(manifest.text());
}

// Amélie and Bérénice for a minute: one track, two cues, one film with its receipt.
inline void make_meeting_folder(const catalog::Archive& archive, const std::string& id) {
  const auto folder = archive.meeting_folder(id);
  timeline::Meeting meeting{.id = id,
                            .title = "Council of November",
                            .start = *parse_rfc3339("2026-11-20T08:00:00.5Z"),
                            .end = MeetingTime(std::chrono::seconds(60)),
                            .origin = "janus"};
  meeting.participants = {{"a", "Amélie", {"a-microphone-1"}}, {"b", "Bérénice", {}}};
  timeline::TrackSidecar track{.track = "a-microphone-1",
                               .participant = "a",
                               .role = "microphone",
                               .codec = media::CodecId::Opus,
                               .dump = "dumps/a.mjr",
                               .frames = 3000,
                               .packets = 3001,
                               .lost = 2};
  track.range = {MeetingTime(std::chrono::milliseconds(-20)), MeetingTime(std::chrono::seconds(60))};
  track.clock.clock_rate = ClockRate{48'000};
  write_file(folder / "meeting.json", json::write(timeline::to_json(meeting), json::Style::Indented));
  write_file(folder / "dumps/a.mjr", "dump of " + id);
  write_file(folder / "tracks/a-microphone-1.mkv", "track");
  write_file(folder / "tracks/a-microphone-1.track.json", timeline::text_of(track));
  write_file(folder / "captions/cues.json",
             R"({"schema":"greffe.cues/1","cues":[
               {"start_ms":1000,"end_ms":3000,"speaker":"Amélie","text":"We planted apple trees."},
               {"start_ms":3000,"end_ms":5000,"speaker":"Bérénice","text":"And pears."}]})");
  write_file(folder / "renders/film.webm", "film");
  write_file(folder / "renders/film.receipt.json",
             R"({"schema":"greffe.receipt/1","output":{"file":"film.webm","bytes":4,"sha256":")" +
                 fixity::digest_of("film").hex() + R"("},"options":{"fps":25},"scenes_sha256":")" +
                 fixity::digest_of("scenes").hex() + R"("})");
  write_manifest_of(folder);
}

}  // namespace greffe::test
