#include "container/demuxer.h"

#include <gtest/gtest.h>
#include <sys/resource.h>

#include "container/film_muxer.h"
#include "support/samples.h"

namespace greffe::container {
namespace {

// Pictures of 10 kB, so that the file is read in many pieces. Picture i is full of i.
void write_large_film(const Path& path, int pictures) {
  FilmFormat format{.container = FilmContainer::Matroska, .video = media::CodecId::Vp8, .size = {320, 180}};
  format.sound_private = {'O', 'p', 'u', 's', 'H', 'e', 'a', 'd', 1, 2, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0};
  auto muxer = FilmMuxer::create(path, format);
  ASSERT_TRUE(muxer) << muxer.error().message();
  for (int i = 0; i < pictures; ++i) {
    media::CodedFrame picture;
    picture.ticks = i;
    picture.key = true;
    picture.bytes.assign(10'000, static_cast<std::uint8_t>(i));
    ASSERT_TRUE(muxer->write_video(picture));
  }
  ASSERT_TRUE(muxer->finish());
}

TEST(Demuxer, R67_HoldsNoFileOpenBetweenReads) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "film.mkv";
  write_large_film(path, 20);
  rlimit limit{};
  ASSERT_EQ(getrlimit(RLIMIT_NOFILE, &limit), 0);
  const rlimit few{.rlim_cur = 24, .rlim_max = limit.rlim_max};
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &few), 0);
  std::vector<Demuxer> demuxers;
  for (int i = 0; i < 100; ++i) {
    auto opened = Demuxer::open(path);
    EXPECT_TRUE(opened) << opened.error().message();
    if (opened) demuxers.push_back(std::move(*opened));
  }
  for (int i = 0; i < 20; ++i)
    for (Demuxer& demuxer : demuxers) {
      const auto frame = demuxer.next();
      ASSERT_TRUE(frame && *frame);
      ASSERT_EQ((*frame)->bytes.back(), i);
    }
  ASSERT_EQ(setrlimit(RLIMIT_NOFILE, &limit), 0);
}

TEST(Demuxer, AFileThatChangesCannotBeReadOn) {
  const test::TemporaryFolder folder;
  const Path path = folder.path() / "film.mkv";
  write_large_film(path, 20);
  auto demuxer = Demuxer::open(path);
  ASSERT_TRUE(demuxer) << demuxer.error().message();
  write_large_film(path, 21);
  Status status;
  for (int i = 0; i < 20 && status; ++i)
    if (const auto frame = demuxer->next(); !frame) status = tl::unexpected(frame.error());
  ASSERT_FALSE(status);
  EXPECT_NE(status.error().message().find("changed while it was read"), std::string::npos);
}

}  // namespace
}  // namespace greffe::container
