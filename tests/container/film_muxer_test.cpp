#include "container/film_muxer.h"

#include <gtest/gtest.h>

#include "container/demuxer.h"
#include "support/samples.h"

namespace greffe::container {
namespace {

constexpr int PreSkip = 312;

FilmFormat small_format(FilmContainer container) {
  FilmFormat format;
  format.container = container;
  format.video = media::CodecId::Vp8;
  format.size = {320, 180};
  format.opus_head = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0};
  format.opus_pre_skip = PreSkip;
  format.captions = true;
  format.title = "Council: \"spring\"";
  return format;
}

void write_film(const Path& path, FilmContainer container) {
  auto muxer = FilmMuxer::create(path, small_format(container));
  ASSERT_TRUE(muxer) << muxer.error().message();
  const std::vector<std::uint8_t> sound{0xfc, 1, 2, 3};
  for (int i = 0; i < 50; ++i) {
    media::CodedFrame frame;
    frame.ticks = i;
    frame.bytes = {static_cast<std::uint8_t>(i), 5, 6};
    frame.key = i % 25 == 0;
    ASSERT_TRUE(muxer->write_video(frame));
    ASSERT_TRUE(muxer->write_audio(sound, i * 1920, 960, 0));
    ASSERT_TRUE(muxer->write_audio(sound, i * 1920 + 960, 960, i == 49 ? 480 : 0));
    if (i == 10) {
      ASSERT_TRUE(muxer->write_caption("<v Ann>hello", {MeetingTime(std::chrono::milliseconds(400)),
                                                        MeetingTime(std::chrono::milliseconds(900))}));
    }
  }
  const Status finished = muxer->finish();
  ASSERT_TRUE(finished) << finished.error().message();
}

TEST(FilmMuxer, SameFramesGiveTheSameBytes) {
  const test::TemporaryFolder folder;
  for (const auto& [container, ending] :
       {std::pair{FilmContainer::WebM, "webm"}, std::pair{FilmContainer::Matroska, "mkv"}}) {
    const Path first = folder.path() / fmt::format("a.{}", ending);
    const Path second = folder.path() / fmt::format("b.{}", ending);
    write_film(first, container);
    write_film(second, container);
    EXPECT_GT(std::filesystem::file_size(first), 500u);
    EXPECT_EQ(test::file_text(first), test::file_text(second));
  }
}

TEST(FilmMuxer, NamesTheContainerByItsEnding) {
  EXPECT_EQ(film_container_of("a/film.webm"), FilmContainer::WebM);
  EXPECT_EQ(film_container_of("film.mkv"), FilmContainer::Matroska);
  EXPECT_EQ(film_container_of("film.mp4").error().kind(), ErrorKind::Usage);
}

TEST(Demuxer, GivesTheFramesOfTheFirstTrack) {
  const test::TemporaryFolder folder;
  write_film(folder.path() / "film.mkv", FilmContainer::Matroska);
  auto demuxer = Demuxer::open(folder.path() / "film.mkv");
  ASSERT_TRUE(demuxer) << demuxer.error().message();
  for (std::uint64_t i = 0; i < 50; ++i) {
    const auto frame = demuxer->next();
    ASSERT_TRUE(frame && *frame) << i;
    EXPECT_EQ((*frame)->index, i);
    EXPECT_EQ((*frame)->key, i % 25 == 0);
    ASSERT_EQ((*frame)->bytes.size(), 3u);
    EXPECT_EQ((*frame)->bytes[0], i);
  }
  const auto end = demuxer->next();
  EXPECT_TRUE(end && !*end);
}

TEST(Demuxer, RefusesWhatIsNoMatroskaFile) {
  const test::TemporaryFolder folder;
  test::write_file(folder.path() / "list.txt", "#EXTM3U\nfile:///etc/passwd\n");
  EXPECT_EQ(Demuxer::open(folder.path() / "list.txt").error().kind(), ErrorKind::Damaged);
  EXPECT_FALSE(Demuxer::open(folder.path()));
  EXPECT_FALSE(Demuxer::open(folder.path() / "missing"));
}

TEST(Demuxer, EveryCutEndsInPeace) {
  const test::TemporaryFolder folder;
  write_film(folder.path() / "film.mkv", FilmContainer::Matroska);
  const std::string whole = test::file_text(folder.path() / "film.mkv");
  for (std::size_t length = 0; length < whole.size(); length += 7) {
    test::write_file(folder.path() / "cut.mkv", whole.substr(0, length));
    auto demuxer = Demuxer::open(folder.path() / "cut.mkv");
    int frames = 0;
    while (demuxer && frames <= 60) {
      const auto frame = demuxer->next();
      if (!frame || !*frame) break;
      ++frames;
    }
    EXPECT_LE(frames, 50);
  }
}

}  // namespace
}  // namespace greffe::container
