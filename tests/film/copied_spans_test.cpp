#include "film/copied_spans.h"

#include <gtest/gtest.h>

#include "canvas/canvas.h"
#include "codec/video_encoder.h"
#include "container/track_muxer.h"
#include "film/frame_copier.h"
#include "support/samples.h"

namespace greffe::film {
namespace {

using namespace std::chrono_literals;
using media::CodecId;

MeetingTime copy_ms(int at) { return MeetingTime(std::chrono::milliseconds(at)); }

constexpr int StepMs = 66;  // 15 pictures a second, as browsers send them
constexpr int FirstMs = 30;

// Twelve seconds of one camera of 64x64 with a key frame every three seconds, in a film that shows it alone.
class CopiedSpans : public ::testing::Test {
 protected:
  static constexpr int Frames = 180;
  static constexpr int KeyInterval = 45;

  void SetUp() override {
    folder_.path = place_.path();
    std::filesystem::create_directories(folder_.path / "tracks");
    write_track("cam", Frames);
    timeline::TrackSidecar track{
        .track = "cam", .participant = "ann", .codec = CodecId::Vp8, .frames = Frames};
    track.clock.clock_rate = ClockRate{1000};
    track.clock.segments.push_back({.anchor_tick = 0, .anchor = MeetingTime{}, .rate_ticks = 1000});
    timeline::FrameTicks ticks{.first_tick = FirstMs, .runs = {}, .empty = false};
    for (int i = 1; i < Frames; ++i) ticks.runs.add_step(StepMs);
    track.ticks.push_back(std::move(ticks));
    for (int i = 0; i < Frames; i += KeyInterval) track.key_frames.push_back(time_of(i));
    track.decodable = {{time_of(0), time_of(Frames - 1)}};
    folder_.meeting.tracks.push_back(std::move(track));

    plan_.width = plan_.height = 64;
    add_scene(0, 12'000);
    order_.folder = &folder_;
    order_.plan = &plan_;
    order_.coding.video = CodecId::Vp8;
    order_.rate = {25, 1};
  }

  static MeetingTime time_of(int frame) { return copy_ms(FirstMs + StepMs * frame); }

  void write_track(const std::string& name, int frames) {
    auto encoder = codec::VideoEncoder::open(
        {.codec = CodecId::Vp8, .size = {64, 64}, .rate = {15, 1}, .key_interval = KeyInterval});
    auto muxer =
        container::TrackMuxer::create(folder_.track_path(name), {.codec = CodecId::Vp8, .size = {64, 64}});
    ASSERT_TRUE(encoder && muxer);
    canvas::Canvas canvas(64, 64);
    for (int i = 0; i < frames; ++i) {
      canvas.fill({i % 32, 0, 32, 64}, {static_cast<std::uint8_t>(i), 128, 128});
      const auto coded = encoder->encode(canvas.picture(), std::vector<codec::PixelRect>{{0, 0, 64, 64}});
      ASSERT_TRUE(coded && coded->size() == 1);
      EXPECT_EQ(coded->front().key, i % KeyInterval == 0);
      ASSERT_TRUE(muxer->write(coded->front(), time_of(i), 1ms));
    }
    ASSERT_TRUE(muxer->finish());
  }

  layout::Tile& add_scene(int start_ms, int end_ms) {
    layout::Tile tile{.participant = "ann", .track = "cam", .kind = layout::TileKind::Camera};
    tile.area = tile.picture = {0, 0, 64, 64};
    tile.label = "";
    plan_.scenes.push_back({{copy_ms(start_ms), copy_ms(end_ms)}, "single", "", {tile}});
    return plan_.scenes.back().tiles.front();
  }
  layout::Tile& tile() { return plan_.scenes.front().tiles.front(); }
  timeline::TrackSidecar& track() { return folder_.meeting.tracks.front(); }

  std::vector<CopiedSpan> spans() {
    auto copied = copied_spans_of(order_, order_.grid());
    EXPECT_TRUE(copied) << copied.error().message();
    return copied ? *copied : std::vector<CopiedSpan>{};
  }

  test::TemporaryFolder place_;
  timeline::MeetingFolder folder_;
  layout::ScenePlan plan_;
  FilmOrder order_;
};

TEST_F(CopiedSpans, FromTheFirstKeyFrameToTheEnd) {
  // Shown from 30 ms on: the middle of frame 0 is before that.
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{1, 300}, "cam", 0}}));
}

TEST_F(CopiedSpans, NothingOfWhatIsDrawnOver) {
  const auto none_when = [&](const char* why, auto change) {
    const auto plan = plan_;
    const auto order = order_;
    change();
    EXPECT_TRUE(spans().empty()) << why;
    plan_ = plan, order_ = order;
    order_.plan = &plan_;
  };
  none_when("a label", [&] { tile().label = "Ann"; });
  none_when("the participant's name", [&] { tile().label.reset(); });
  none_when("another size", [&] { tile().picture = tile().area = {0, 0, 64, 62}; });
  none_when("a crop", [&] { tile().crop.left = 10; });
  none_when("two tiles", [&] { plan_.scenes.front().tiles.push_back(tile()); });
  none_when("a clock", [&] { order_.look.clock_zone = "Etc/UTC"; });
  none_when("a logo", [&] { order_.look.logo.width_px = order_.look.logo.height_px = 2; });
  none_when("another codec", [&] { order_.coding.video = CodecId::Vp9; });
  none_when("another canvas", [&] { plan_.width = 128; });
}

TEST_F(CopiedSpans, CodedFromACutToTheNextKeyFrame) {
  plan_.scenes.clear();
  add_scene(0, 4000);
  add_scene(4000, 12'000).label = "Ann";
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{1, 100}, "cam", 0}}));
  plan_.scenes.front().tiles.front().label = "Ann";
  plan_.scenes.back().tiles.front().label = "";
  // Key frame 90 lies at 5.97 s: behind the middle of frame 148, not of 149.
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{149, 300}, "cam", 90}}));
}

TEST_F(CopiedSpans, ScenesThatShowTheSameAreOne) {
  plan_.scenes.clear();
  add_scene(0, 4000);
  add_scene(4000, 12'000);
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{1, 300}, "cam", 0}}));
}

TEST_F(CopiedSpans, WordsAndBordersInterrupt) {
  order_.cues = {{.range = {copy_ms(2000), copy_ms(2500)}, .text = "hello"}};
  EXPECT_EQ(spans().size(), 1u) << "a track of captions is not in the picture";
  order_.burn_captions = true;
  // From 2 s on: before the next key frame, 45 at 3 s, nothing is copied; nor what is shorter than 2 s.
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{75, 300}, "cam", 45}}));
  order_.burn_captions = false;
  tile().highlights = {{copy_ms(5000), copy_ms(5200)}};
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{1, 125}, "cam", 0}, {{149, 300}, "cam", 90}}));
  tile().highlights.clear();
  order_.look.title_card = true;
  EXPECT_EQ(spans(), (std::vector<CopiedSpan>{{{149, 300}, "cam", 90}}));
}

TEST_F(CopiedSpans, DamageEndsACopyUntilTheNextKeyFrame) {
  // Frame 100 follows packets that never came; 135 is the next key frame.
  track().decodable = {{time_of(0), time_of(99)}, {time_of(100), time_of(Frames - 1)}};
  const auto copied = spans();
  ASSERT_EQ(copied.size(), 2u);
  EXPECT_EQ(copied[0].frames.end, FilmClock{order_.rate}.frame_of(time_of(100)));
  EXPECT_EQ(copied[1].first_frame, 135u);
}

TEST_F(CopiedSpans, TurnedPicturesAreDrawn) {
  track().orientations = {{time_of(50), {.rotation_deg = 90}}, {time_of(80), {}}};
  const auto copied = spans();
  ASSERT_EQ(copied.size(), 2u);
  EXPECT_EQ(copied[0].frames.end, FilmClock{order_.rate}.frame_of(time_of(50)));
  EXPECT_EQ(copied[1].first_frame, 90u);
}

TEST_F(CopiedSpans, AFileThatIsNotAsItsSidecarSaysIsDrawn) {
  std::filesystem::remove(folder_.track_path("cam"));
  write_track("cam", Frames - 1);
  EXPECT_TRUE(spans().empty());
  std::filesystem::resize_file(folder_.track_path("cam"), 100);
  EXPECT_TRUE(spans().empty());
  std::filesystem::remove(folder_.track_path("cam"));
  EXPECT_TRUE(spans().empty());
}

TEST_F(CopiedSpans, ABrokenKeyFrameIsNotCopied) {
  const Path path = folder_.track_path("cam");
  auto text = read_text(path, 10u << 20).value();
  std::size_t at = text.find("\x9d\x01\x2a");  // RFC 6386 §9.1
  at = text.find("\x9d\x01\x2a", at + 1);
  ASSERT_NE(at, std::string::npos);
  text[at] = 0;
  test::write_file(path, text);
  const auto copied = spans();
  ASSERT_EQ(copied.size(), 2u);
  EXPECT_EQ(copied[0], (CopiedSpan{{1, 75}, "cam", 0}));
  EXPECT_EQ(copied[1].first_frame, 90u);
}

TEST_F(CopiedSpans, ChunksShareACopyAndLoseNoFrame) {
  const ChunkGrid grid = order_.grid();
  const auto copied = spans();
  EXPECT_EQ(pieces_of(copied, grid.span_of(0)).size(), 2u);
  std::filesystem::create_directory(place_.path() / "chunks");
  ChunkStore store(place_.path() / "chunks");
  ASSERT_TRUE(store.open());
  FrameCopier copier(folder_, grid.clock);
  std::vector<std::vector<std::uint8_t>> frames;
  std::int64_t last_ms = -1;
  for (std::size_t i = 0; i < grid.count(); ++i) {
    const ChunkId id{i, {}};
    auto writer = ChunkWriter::create(store, id, {.codec = CodecId::Vp8, .size = {64, 64}}, order_.rate);
    ASSERT_TRUE(writer);
    for (const ChunkPiece& piece : pieces_of(copied, grid.span_of(i))) {
      if (!piece.copied) continue;
      const Status done = copier.copy(piece, *writer);
      EXPECT_TRUE(done) << done.error().message();
    }
    ASSERT_TRUE(writer->finish({}));
    EXPECT_TRUE(store.has(id));
    auto demuxer = store.pictures_of(id);
    ASSERT_TRUE(demuxer);
    for (auto frame = demuxer->next(); frame && *frame; frame = demuxer->next()) {
      EXPECT_EQ((*frame)->time_ms, FirstMs + StepMs * static_cast<int>(frames.size()));
      EXPECT_GT((*frame)->time_ms, last_ms);
      last_ms = (*frame)->time_ms;
      frames.emplace_back((*frame)->bytes.begin(), (*frame)->bytes.end());
    }
  }
  auto track = container::Demuxer::open(folder_.track_path("cam"));
  std::size_t compared = 0;
  for (auto frame = track->next(); frame && *frame; frame = track->next(), ++compared) {
    ASSERT_LT(compared, frames.size());
    EXPECT_TRUE(std::ranges::equal((*frame)->bytes, frames[compared]));
  }
  EXPECT_EQ(compared, frames.size());
}

TEST(FilmClock, AFrameShowsWhatIsNotAfterItsMiddle) {
  for (const auto& [numerator, denominator] : {std::pair{25, 1}, {30000, 1001}, {1, 1}, {240, 1}, {7, 3}}) {
    const FilmClock clock{{numerator, denominator}};
    EXPECT_EQ(clock.frame_of(copy_ms(-500)), 0);
    for (std::int64_t frame = 0; frame < 1000; ++frame) {
      EXPECT_EQ(clock.frame_of(clock.middle_of(frame)), frame);
      EXPECT_EQ(clock.frame_of(clock.middle_of(frame) + 1ns), frame + 1);
    }
  }
}

TEST(ChunkPieces, CoverAChunkInOrder) {
  const std::vector<CopiedSpan> copied{{{10, 30}, "a", 0}, {{30, 40}, "b", 7}, {{240, 600}, "a", 9}};
  const auto pieces = pieces_of(copied, {0, 250});
  ASSERT_EQ(pieces.size(), 5u);
  std::int64_t next = 0;
  for (const ChunkPiece& piece : pieces) {
    EXPECT_EQ(piece.frames.first, next);
    next = piece.frames.end;
  }
  EXPECT_EQ(next, 250);
  EXPECT_EQ(pieces[0].copied, nullptr);
  EXPECT_EQ(pieces[2].copied, &copied[1]);
  EXPECT_EQ(pieces_of(copied, {250, 500}).size(), 1u);
  EXPECT_EQ(pieces_of(copied, {250, 500})[0].frames, (FrameSpan{250, 500}));
  EXPECT_EQ(pieces_of({}, {250, 500}).size(), 1u);
}

}  // namespace
}  // namespace greffe::film
