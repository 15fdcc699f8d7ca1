// Rows to test with.
#pragma once

#include "catalog/rows.h"

namespace greffe::catalog {

inline MeetingRecord council() {
  return {.meeting = {.id = "20261120-080000Z-0123456789",
                      .title = "Council of November",
                      .start_unix_ms = 1'795'161'600'000,
                      .duration_ms = 60'000,
                      .origin = "janus",
                      .meeting_class = "council",
                      .manifest = fixity::digest_of("manifest")},
          .producers = {{"north"}, {"a south"}},
          .participants = {{"b", "Bérénice"}, {"a", "Amélie"}},
          .tracks = {{.track = "a-microphone-1",
                      .participant = "a",
                      .role = "microphone",
                      .codec = "opus",
                      .dump = "dumps/a.mjr",
                      .start_ms = -20,
                      .end_ms = 60'000,
                      .frames = 3000,
                      .packets = 3001,
                      .lost = 2,
                      .late = 1,
                      .duplicates = 4,
                      .recovered = 5}},
          .assets = {{"dumps/a.mjr", "dumps", 1'000'000, fixity::digest_of("dump")},
                     {"meeting.json", "meeting", 500, fixity::digest_of("meeting")}},
          .renders = {{"renders/film.webm", 5'000'000'000, fixity::digest_of("film"),
                       "renders/film.receipt.json", fixity::digest_of("scenes"), "{\"fps\":25}"}},
          .cues = {{1000, 3000, "Amélie", "We planted apple trees."},
                   {3000, 5000, "Bérénice", "Trees and an apple"},
                   {5000, 6000, "", "Déjà vu"}}};
}

inline MeetingRecord later() {
  MeetingRecord record = council();
  record.meeting.id = "20261121-080000Z-9876543210";
  record.meeting.title = "The day after";
  record.meeting.start_unix_ms += 86'400'000;
  record.cues = {{7000, 8000, "Bérénice", "Those apple trees again"}};
  record.renders.clear();
  return record;
}

}  // namespace greffe::catalog
