#include "timeline/track_sidecar.h"

#include <gtest/gtest.h>

#include "timeline/meeting.h"

namespace greffe::timeline {
namespace {

using namespace std::chrono_literals;

Result<TrackSidecar> read_text(std::string_view text, SidecarLists lists = SidecarLists::Read) {
  const auto piece_by_piece = [&](std::span<char> piece) -> Result<std::size_t> {
    const std::size_t length = std::min<std::size_t>({piece.size(), text.size(), 7});
    std::copy_n(text.begin(), length, piece.begin());
    text.remove_prefix(length);
    return length;
  };
  return read_sidecar(piece_by_piece, "x.track.json", lists);
}

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
  sidecar.pixel_aspect = {16, 9};
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
  const auto read = read_text(json::write(written));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(text_of(*read), json::write(written, json::Style::Indented));
}

TEST(TrackSidecar, ReadsWhatItWritesOfSound) {
  TrackSidecar sidecar = example();
  sidecar.codec = media::CodecId::MultiOpus;
  sidecar.recovered = 7;
  sidecar.events.push_back({{MeetingTime(17s), MeetingTime(17s + 280ms)}, 4, "4"});
  sidecar.events.push_back({{MeetingTime(18s), MeetingTime(19s)}, 70, ""});
  sidecar.comfort_noise = {{MeetingTime(2s), {60, {}}}, {MeetingTime(3s), {61, {127, 64, 254}}}};
  sidecar.channels = 2;
  sidecar.opus_mapping = media::OpusMapping{4, 2, {0, 4, 1, 2, 3, 5}};
  const json::Value written = *json::parse(text_of(sidecar));
  const auto read = read_text(json::write(written));
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(text_of(*read), json::write(written, json::Style::Indented));
  EXPECT_EQ(read->recovered, 7u);
  EXPECT_EQ(read->comfort_noise, sidecar.comfort_noise);
  EXPECT_EQ(read->events.at(0).key, "4");
  EXPECT_EQ(read->audio_format().mapping, sidecar.opus_mapping);
}

TEST(TrackSidecar, PicturesOfLongPixelsAreWider) {
  EXPECT_EQ(example().shown({180, 180}), (media::PictureSize{320, 180}));
  EXPECT_EQ(TrackSidecar{}.shown({180, 180}), (media::PictureSize{180, 180}));
  std::string text = text_of(example());
  text.replace(text.find("\"width\": 16"), 11, "\"width\": 0");
  EXPECT_FALSE(read_text(text));
}

TEST(TrackSidecar, FrameTimesAreExact) {
  const auto times = example().frame_times();
  ASSERT_EQ(times.size(), 4u);
  EXPECT_EQ(times[0], MeetingTime(-3ms));
  EXPECT_EQ(times[3].time_since_epoch().count(), -3'000'000 + 200'333'333);
}

TEST(FrameCursor, PassesOverSegmentsWithoutFrames) {
  TrackSidecar sidecar = example();
  sidecar.clock.segments.push_back({.anchor = MeetingTime(5s)});
  sidecar.clock.segments.push_back({.anchor = MeetingTime(9s)});
  sidecar.ticks.push_back({});
  sidecar.ticks.push_back({.first_tick = 0, .runs = {{90'000, 0}, {90'000, 1}}, .empty = false});
  sidecar.ticks.push_back({.first_tick = 0, .runs = {}, .empty = false});  // of no clock segment
  const auto times = sidecar.frame_times();
  ASSERT_EQ(times.size(), 6u);
  EXPECT_EQ(times[4], MeetingTime(9s));
  EXPECT_EQ(times[5], MeetingTime(10s));
}

TEST(TrackSidecar, NamesWhatIsMissing) {
  json::Value value = *json::parse(text_of(example()));
  value.find_object()->erase("clock");
  EXPECT_EQ(read_text(json::write(value)).error().message(), "clock: missing");
  EXPECT_FALSE(read_text("3"));
}

TEST(TrackSidecar, NamesTheItemOfAListThatIsWrong) {
  const std::string text = json::write(*json::parse(text_of(example())));
  for (const auto& [right, wrong, reason] :
       {std::tuple{"[6000,2]", "[6000]", "x.track.json: ticks: runs are [step, count], or a step alone"},
        std::tuple{"[6000,2]", "[6000,-2]", "x.track.json: ticks: runs are [step, count], or a step alone"},
        std::tuple{"\"first_sequence\":3", "\"first\":3", "x.track.json: losses.first_sequence: missing"},
        std::tuple{"\"why\":\"lost\"", "\"why\":5", "x.track.json: gaps.why: expected text"}}) {
    std::string bad = text;
    ASSERT_NE(bad.find(right), std::string::npos) << right;
    bad.replace(bad.find(right), std::string_view(right).size(), wrong);
    const auto read = read_text(bad);
    ASSERT_FALSE(read) << wrong;
    EXPECT_EQ(read.error().message(), reason);
  }
}

TEST(TrackSidecar, ReadsTheRunsOfVersion1) {
  std::string text = json::write(*json::parse(text_of(example())));
  text.replace(text.find("greffe.track/2"), 14, "greffe.track/1");
  text.replace(text.find("6030]"), 5, "[6030,1]]");
  const auto read = read_text(text);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(text_of(*read), text_of(example()));
  text.replace(text.find("greffe.track/1"), 14, "greffe.track/3");
  EXPECT_FALSE(read_text(text));
}

TEST(TrackSidecar, ListsMayBeLeftOut) {
  const auto read = read_text(text_of(example()), SidecarLists::LeftOut);
  ASSERT_TRUE(read) << read.error().message();
  EXPECT_EQ(read->frames, 4u);
  EXPECT_EQ(read->damage.size(), 1u);
  EXPECT_TRUE(read->ticks.empty() && read->losses.empty() && read->gaps.empty());
}

TEST(TrackSidecar, EveryCutIsRefused) {
  const std::string text = text_of(example());
  for (std::size_t length = 0; length + 2 < text.size(); ++length)
    EXPECT_FALSE(read_text(std::string_view(text).substr(0, length))) << length;
}

TEST(Meeting, ReadsWhatItWrites) {
  const Meeting meeting{.id = "20261120-134524Z-0123456789",
                        .title = "Söøme/../title",
                        .end = MeetingTime(3s),
                        .origin = "janus",
                        .participants = {{"a", "A", {"a-camera-1"}}},
                        .transcripts = {{"captions/t.vtt", 5ms, "fr", false}},
                        .session_descriptions = {"dumps/a.sdp"}};
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
