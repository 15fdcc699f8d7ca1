#include "film/film_coding.h"

#include <gtest/gtest.h>

namespace greffe::film {
namespace {

using media::CodecId;

TEST(FilmWish, IsAFileOrHowItIsCodedOrBoth) {
  const auto file = film_wish_of("films/film.mp4");
  ASSERT_TRUE(file);
  EXPECT_EQ(file->film, Path("films/film.mp4"));
  EXPECT_EQ(file->coding.purpose, FilmPurpose::Web);
  EXPECT_FALSE(file->coding.video || file->coding.sound);

  const auto purpose = film_wish_of("preservation");
  ASSERT_TRUE(purpose);
  EXPECT_FALSE(purpose->film);
  EXPECT_EQ(purpose->coding.purpose, FilmPurpose::Preservation);

  const auto both = film_wish_of("opus+h264=film.mkv");
  ASSERT_TRUE(both);
  EXPECT_EQ(both->film, Path("film.mkv"));
  EXPECT_EQ(both->coding.video, CodecId::H264);
  EXPECT_EQ(both->coding.sound, CodecId::Opus);

  const auto all = film_wish_of("archive+vp9+flac=a=b.mkv");
  ASSERT_TRUE(all);
  EXPECT_EQ(all->film, Path("a=b.mkv"));
  EXPECT_EQ(all->coding.purpose, FilmPurpose::Archive);
  EXPECT_EQ(all->coding.sound, CodecId::Flac);
}

TEST(FilmWish, ANameWithAnEqualsSignNeedsAFolder) {
  const auto wish = film_wish_of("./vp9=x.webm");
  ASSERT_TRUE(wish);
  EXPECT_EQ(wish->film, Path("./vp9=x.webm"));
  EXPECT_FALSE(wish->coding.video);
}

TEST(FilmWish, RefusesWordsThatAreNone) {
  for (const char* text : {"", "=", "=film.mkv", "vp9=", "h265=film.mp4", "vp9+vp8=film.mkv", "vp9+=film.mkv",
                           "+vp9=film.mkv", "web+archive=film.mkv", "vp9 =film.mkv"}) {
    const auto wish = film_wish_of(text);
    ASSERT_FALSE(wish) << text;
    EXPECT_EQ(wish.error().kind(), ErrorKind::Usage) << text;
    EXPECT_NE(wish.error().message().find(text), std::string::npos) << text;
  }
}

}  // namespace
}  // namespace greffe::film
