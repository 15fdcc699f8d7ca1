#include "timeline/track_sidecar.h"

#include <gtest/gtest.h>

#include "timeline/meeting.h"

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

TrackSidecar example() {
  TrackSidecar sidecar{.track = "amelie-camera-1",
                       .participant = "amelie",
                       .role = "camera",
                       .codec = media::CodecId::Vp8,
                       .dump = "dumps/a.mjr",
                       .ssrc = Ssrc{5},
                       .frames = 4,
                       .packets = 9,
                       .lost = 1};
  sidecar.range = {MeetingTime(-3ms), MeetingTime(1s)};
  sidecar.clock = {.clock_rate = {90'000}, .witness = "arrival", .residual_ms = 1.5};
  sidecar.clock.segments.push_back(
      {.first_tick = 0, .last_tick = 18'000, .anchor_tick = 0, .anchor = MeetingTime(-3ms)});
  sidecar.ticks.push_back({.first_tick = 0, .runs = {{6000, 2}, {6030, 1}}, .empty = false});
  sidecar.sizes.push_back({MeetingTime(0ms), {640, 360}});
  sidecar.orientations.push_back({MeetingTime(5ms), {90, true}});
  sidecar.key_frames.push_back(MeetingTime(0ms));
  sidecar.separable_layers.push_back({MeetingTime(0ms), MeetingTime(1s)});
  sidecar.gaps.push_back({{MeetingTime(1ms), MeetingTime(2ms)}, "lost"});
  sidecar.losses.push_back({{MeetingTime(1ms), MeetingTime(2ms)}, 3, 1});
  sidecar.decodable.push_back({MeetingTime(0ms), MeetingTime(1s)});
  sidecar.damage.push_back({.condition = "lost-packets",
                            .place = "amelie-camera-1",
                            .unit = "packets",
                            .first = 3,
                            .last = 3,
                            .count = 1,
                            .amount = 1,
                            .text = "x"});
  return sidecar;
}

TEST(TrackSidecar, ReadsWhatItWrites) {
  const json::Value written = *json::parse(text_of(example()));
  const auto read = track_sidecar_of(written, "x.track.json");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(text_of(*read), json::write(written, json::Style::Indented));
}

TEST(TrackSidecar, ReadsWhatItWritesOfSound) {
  TrackSidecar sidecar = example();
  sidecar.codec = media::CodecId::MultiOpus;
  sidecar.recovered = 7;
  sidecar.events.push_back({{MeetingTime(17s), MeetingTime(17s + 280ms)}, 4, "4"});
  sidecar.events.push_back({{MeetingTime(18s), MeetingTime(19s)}, 70, ""});
  sidecar.channels = 2;
  sidecar.opus_mapping = media::OpusMapping{4, 2, {0, 4, 1, 2, 3, 5}};
  const json::Value written = *json::parse(text_of(sidecar));
  const auto read = track_sidecar_of(written, "x.track.json");
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(text_of(*read), json::write(written, json::Style::Indented));
  EXPECT_EQ(read->recovered, 7u);
  EXPECT_EQ(read->events.at(0).key, "4");
  EXPECT_EQ(read->audio_format().mapping, sidecar.opus_mapping);
}

TEST(TrackSidecar, FrameTimesAreExact) {
  const auto times = example().frame_times();
  ASSERT_EQ(times.size(), 4u);
  EXPECT_EQ(times[0], MeetingTime(-3ms));
  EXPECT_EQ(times[3].time_since_epoch().count(), -3'000'000 + 200'333'333);
}

TEST(TrackSidecar, NamesWhatIsMissing) {
  json::Value value = *json::parse(text_of(example()));
  value.find_object()->erase("clock");
  EXPECT_EQ(track_sidecar_of(value, "x.track.json").error().message(), "clock: missing");
  EXPECT_FALSE(track_sidecar_of(json::Value(3), "x"));
}

TEST(Meeting, ReadsWhatItWrites) {
  const Meeting meeting{.id = "20261120-134524Z-0123456789",
                        .title = "Söøme/../title",
                        .end = MeetingTime(3s),
                        .origin = "janus",
                        .participants = {{"a", "A", {"a-camera-1"}}},
                        .transcripts = {{"captions/t.vtt", 5ms, "fr", false}}};
  const json::Value written = to_json(meeting);
  const auto read = meeting_of(written);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(json::write(to_json(*read)), json::write(written));
}

TEST(Meeting, R70_NamesNeverLeaveTheFolder) {
  json::Value value = to_json(Meeting{.participants = {{"a", "A", {"../x"}}}});
  EXPECT_FALSE(meeting_of(value));
  value = to_json(Meeting{.transcripts = {{"/etc/passwd"}}});
  EXPECT_FALSE(meeting_of(value));
}

}  // namespace
}  // namespace greffe::timeline
