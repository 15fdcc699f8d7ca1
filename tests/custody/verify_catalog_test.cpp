#include "custody/verify_catalog.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace greffe::custody {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

catalog::MeetingRecord record() {
  return {.meeting = {.id = "m", .title = "Council"},
          .participants = {{"a", "Amélie"}, {"b", "Bérénice"}},
          .tracks = {{.track = "a-1", .participant = "a"}},
          .assets = {{.path = "dumps/a.mjr", .kind = "dumps", .bytes = 5}},
          .renders = {{.file = "renders/film.webm"}},
          .cues = {{.start_ms = 10, .text = "one"}, {.start_ms = 20, .text = "two"}}};
}

TEST(CatalogDifferences, AreNoneOfTheSameRows) { EXPECT_THAT(differences(record(), record()), IsEmpty()); }

TEST(CatalogDifferences, NameTheTableAndTheFirstRow) {
  auto there = record();
  there.meeting.title = "x";
  there.meeting.duration_ms = 1;
  there.participants.pop_back();
  there.tracks[0].lost = 1;
  there.assets.push_back({.path = "tracks/x"});
  there.renders[0].options = "{}";
  there.cues[1].text = "three";
  EXPECT_THAT(differences(there, record()),
              ElementsAre("meetings: title, duration_ms is otherwise",
                          "participants: 1 rows, 2 are due; b is otherwise", "tracks: a-1 is otherwise",
                          "assets: 2 rows, 1 are due; tracks/x is otherwise",
                          "renders: renders/film.webm is otherwise", "cues: the one at 20 ms is otherwise"));
}

}  // namespace
}  // namespace greffe::custody
