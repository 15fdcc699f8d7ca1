#include "container/film_muxer.h"

#include <gtest/gtest.h>

#include "container/demuxer.h"
#include "container/text_samples.h"
#include "support/samples.h"

namespace greffe::container {
namespace {

constexpr int PreSkip = 312;

FilmFormat small_format(FilmContainer container) {
  FilmFormat format;
  format.container = container;
  format.video = media::CodecId::Vp8;
  if (container == FilmContainer::Mp4) {
    format.video = media::CodecId::H264;
    format.video_private = {1,    0x42, 0xC0, 0x1F, 0xFF, 0xE1, 0,    4,   0x67,
                            0x42, 0xC0, 0x1F, 1,    0,    2,    0x68, 0xCE};
  }
  format.language = "de-AT";
  format.chapters = {{{}, "Welcome"}, {MeetingTime(std::chrono::seconds(1)), "Roads"}};
  format.end = MeetingTime(std::chrono::seconds(2));
  format.size = {320, 180};
  format.sound_private = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0x38, 1, 0x80, 0xbb, 0, 0, 0, 0, 0};
  format.pre_skip = PreSkip;
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

// The text track that holds the chapters of MP4 has no hole at its start.
TEST(FilmMuxer, AFirstChapterThatBeginsLaterDoesSoInMp4) {
  const test::TemporaryFolder folder;
  FilmFormat format = small_format(FilmContainer::Mp4);
  format.chapters = {{MeetingTime(std::chrono::seconds(1)), "Roads"}};
  const Path path = folder.path() / "a.mp4";
  auto muxer = FilmMuxer::create(path, format);
  ASSERT_TRUE(muxer) << muxer.error().message();
  ASSERT_TRUE(muxer->write_video({.bytes = {1, 5, 6}, .key = true}));
  ASSERT_TRUE(muxer->finish());
  const std::string bytes = test::file_text(path);
  const auto roads = bytes.find("Roads"), title = bytes.find(format.title);
  ASSERT_NE(roads, std::string::npos);
  EXPECT_LT(title, roads) << "ahead of it a chapter of the film's title";
}

TEST(FilmMuxer, PlayersShowTheCaptionsOfMp4OnlyWhenAsked) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "a.mp4";
  write_film(path, FilmContainer::Mp4);
  const std::string bytes = test::file_text(path);
  std::vector<int> enabled;
  for (auto at = bytes.find("tkhd"); at != std::string::npos; at = bytes.find("tkhd", at + 4))
    enabled.push_back(bytes[at + 7] & 1);
  EXPECT_EQ(enabled, (std::vector{1, 1, 0, 0})) << "picture, sound, captions, chapters";
}

TEST(FilmMuxer, SameFramesGiveTheSameBytes) {
  const test::TemporaryFolder folder;
  for (const auto& [container, ending] :
       {std::pair{FilmContainer::WebM, "webm"}, std::pair{FilmContainer::Matroska, "mkv"},
        std::pair{FilmContainer::Mp4, "mp4"}}) {
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
  EXPECT_EQ(film_container_of("film.mp4"), FilmContainer::Mp4);
  EXPECT_EQ(film_container_of("film.avi").error().kind(), ErrorKind::Usage);
}

TEST(FilmMuxer, WhatDoesNotFitIsRefusedAndWhatDoesIsNamed) {
  const Status wrong = check_fit(FilmContainer::Mp4, media::CodecId::Vp9, media::CodecId::Aac);
  EXPECT_EQ(wrong.error().kind(), ErrorKind::Usage);
  EXPECT_EQ(wrong.error().message(), "a .mp4 film has h264 or av1 as pictures; vp9 fits .webm or .mkv");
  EXPECT_FALSE(check_fit(FilmContainer::WebM, media::CodecId::Vp9, media::CodecId::Aac));
  EXPECT_FALSE(check_fit(FilmContainer::Mp4, media::CodecId::H264, media::CodecId::Flac));
  EXPECT_TRUE(check_fit(FilmContainer::Matroska, media::CodecId::Ffv1, media::CodecId::Flac));
  const test::TemporaryFolder folder;
  FilmFormat format = small_format(FilmContainer::WebM);
  format.video = media::CodecId::H264;
  EXPECT_FALSE(FilmMuxer::create(folder.path() / "film.webm", format));
}

TEST(FilmMuxer, LanguagesAreThreeLettersOfTheContainersKind) {
  EXPECT_EQ(language_code(FilmContainer::WebM, "de-AT"), "ger");
  EXPECT_EQ(language_code(FilmContainer::Mp4, "de"), "deu");
  EXPECT_EQ(language_code(FilmContainer::Mp4, "fre"), "fra");
  EXPECT_EQ(language_code(FilmContainer::Matroska, "EN"), "eng");
  EXPECT_EQ(language_code(FilmContainer::Mp4, "pt_BR"), "por");
  EXPECT_EQ(language_code(FilmContainer::WebM, "hy"), "arm");
  EXPECT_EQ(language_code(FilmContainer::Mp4, "Geo"), "kat");
  EXPECT_EQ(language_code(FilmContainer::Matroska, "hsb-DE"), "hsb");
  for (const char* none : {"", "q", "tl", "x-ann", "klingon", "h5b", "\u00e9e"})
    EXPECT_EQ(language_code(FilmContainer::Matroska, none), "und") << none;
}

TEST(TextSamples, CuesThatOverlapAreShownTogether) {
  const auto range = [](int from, int to) {
    return TimeRange{MeetingTime(std::chrono::seconds(from)), MeetingTime(std::chrono::seconds(to))};
  };
  TextSamples text;
  EXPECT_TRUE(text.add("a", range(1, 5)).empty());
  EXPECT_EQ(text.add("b", range(3, 6)), (std::vector{TextSample{range(1, 3), "a"}}));
  EXPECT_EQ(text.add("c", range(8, 9)),
            (std::vector{TextSample{range(3, 5), "a\nb"}, TextSample{range(5, 6), "b"}}));
  EXPECT_TRUE(text.add("nothing", range(8, 8)).empty());
  EXPECT_EQ(text.finish(), (std::vector{TextSample{range(8, 9), "c"}}));
  EXPECT_EQ(text_sample_description().size(), 48u);
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

// Pictures that keep times of their own: no rate is told, and each time is as it was given.
TEST(FilmMuxer, PicturesMayComeAtNoFixedRate) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "film.webm";
  FilmFormat format = small_format(FilmContainer::WebM);
  format.variable_rate = true;
  auto muxer = FilmMuxer::create(path, format);
  ASSERT_TRUE(muxer) << muxer.error().message();
  const std::vector<std::int64_t> times{0, 33, 34, 100, 1999};
  for (const std::int64_t time : times) {
    media::CodedFrame frame;
    frame.ticks = time;
    frame.duration_ticks = 1;
    frame.bytes = {4, 5, 6};
    ASSERT_TRUE(muxer->write_video(frame));
  }
  ASSERT_TRUE(muxer->finish());
  auto demuxer = Demuxer::open(path);
  ASSERT_TRUE(demuxer);
  for (const std::int64_t time : times) EXPECT_EQ(demuxer->next().value()->time_ms, time);
  // DefaultDuration (RFC 9559 §5.1.4.1.13) is of fixed rates only.
  const std::string bytes = read_text(path, 1u << 20).value();
  EXPECT_EQ(bytes.find("\x23\xe3\x83"), std::string::npos);

  FilmFormat mp4 = small_format(FilmContainer::Mp4);
  mp4.variable_rate = true;
  EXPECT_FALSE(FilmMuxer::create(folder.path() / "film.mp4", mp4));
}

}  // namespace
}  // namespace greffe::container
