#include "codec/decoded_picture.h"

#include <gtest/gtest.h>

extern "C" {
#include <libavutil/frame.h>
#include <libavutil/pixdesc.h>
}

#include <array>
#include <cstring>

namespace greffe::codec {
namespace {

// A frame whose samples are `luma` and in the colour planes 4 x + y, in the middle of what 8 bits say.
std::shared_ptr<AVFrame> frame_of(AVPixelFormat format, int width, int height, int luma) {
  std::shared_ptr<AVFrame> frame(av_frame_alloc(), [](AVFrame* made) { av_frame_free(&made); });
  frame->format = format;
  frame->width = width;
  frame->height = height;
  EXPECT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
  const AVPixFmtDescriptor* const described = av_pix_fmt_desc_get(format);
  for (int plane = 0; plane < described->nb_components; ++plane) {
    const int rows = plane == 0 ? height : AV_CEIL_RSHIFT(height, described->log2_chroma_h);
    const int columns = plane == 0 ? width : AV_CEIL_RSHIFT(width, described->log2_chroma_w);
    const int depth = described->comp[plane].depth;
    for (int y = 0; y < rows; ++y)
      for (int x = 0; x < columns; ++x) {
        const int sample = (plane == 0 ? luma : 4 * x + y) << (depth - 8);
        std::uint8_t* const row = frame->data[plane] + y * frame->linesize[plane];
        const auto wide = static_cast<std::uint16_t>(sample);
        if (depth == 8)
          row[x] = static_cast<std::uint8_t>(sample);
        else
          std::memcpy(row + 2 * x, &wide, sizeof wide);
      }
  }
  return frame;
}

TEST(DecodedPicture, APlainFrameIsShared) {
  const auto frame = frame_of(AV_PIX_FMT_YUV420P, 6, 4, 100);
  const auto picture = picture_of(frame);
  ASSERT_TRUE(picture);
  EXPECT_TRUE(is_plain(*frame));
  EXPECT_EQ(picture->y.pixels, frame->data[0]);
}

TEST(DecodedPicture, OtherFormatsBecomeEightBitsOf420) {
  // Of planes as large as the picture, the average of four; of 4:2:2, of two below each other.
  struct Row {
    AVPixelFormat format;
    int colour;  // at 1, 1
  };
  for (const Row& row :
       {Row{AV_PIX_FMT_YUV444P, 13}, Row{AV_PIX_FMT_YUV444P10LE, 13}, Row{AV_PIX_FMT_YUV422P, 7},
        Row{AV_PIX_FMT_YUV422P12LE, 7}, Row{AV_PIX_FMT_YUV420P10LE, 5}, Row{AV_PIX_FMT_YUV440P, 11},
        Row{AV_PIX_FMT_YUV411P, 3}, Row{AV_PIX_FMT_GRAY8, 128}, Row{AV_PIX_FMT_GRAY10LE, 128}}) {
    const char* const name = av_get_pix_fmt_name(row.format);
    const auto frame = frame_of(row.format, 7, 5, 77);
    EXPECT_FALSE(is_plain(*frame)) << name;
    const auto picture = picture_of(frame);
    ASSERT_TRUE(picture) << name;
    EXPECT_EQ(picture->size, (media::PictureSize{7, 5})) << name;
    EXPECT_EQ(picture->u.width_px, 4) << name;
    EXPECT_EQ(picture->u.height_px, 3) << name;
    EXPECT_EQ(picture->y.pixels[4 * picture->y.stride + 6], 77) << name;
    EXPECT_NEAR(picture->u.pixels[picture->u.stride + 1], row.colour, 1) << name;
    EXPECT_EQ(picture->u.pixels[picture->u.stride + 1], picture->v.pixels[picture->v.stride + 1]) << name;
    EXPECT_GT(picture->v.pixels[2 * picture->v.stride + 3], 0) << name;
  }
}

TEST(DecodedPicture, TheBrightestStaysInRange) {
  const auto frame = frame_of(AV_PIX_FMT_YUV420P10LE, 2, 2, 0);
  const std::uint16_t brightest = 1023;
  std::memcpy(frame->data[0], &brightest, sizeof brightest);
  EXPECT_EQ(picture_of(frame)->y.pixels[0], 255);
}

// Red, green and blue and what BT.601 makes of them in video range.
TEST(DecodedPicture, PlanesOfRgbBecomeYuv) {
  struct Row {
    int red, green, blue;
    int y, u, v;
  };
  for (const AVPixelFormat format : {AV_PIX_FMT_GBRP, AV_PIX_FMT_GBRP10LE, AV_PIX_FMT_GBRAP})
    for (const Row& row :
         {Row{0, 0, 0, 16, 128, 128}, Row{255, 255, 255, 235, 128, 128}, Row{255, 0, 0, 81, 90, 240},
          Row{0, 255, 0, 145, 54, 34}, Row{0, 0, 255, 41, 240, 110}}) {
      const auto frame = frame_of(format, 3, 3, 0);
      const int depth = av_pix_fmt_desc_get(format)->comp[0].depth;
      const std::array<int, 3> planes{row.green, row.blue, row.red};  // as FFmpeg lays them
      for (std::size_t plane = 0; plane < planes.size(); ++plane)
        for (int y = 0; y < 3; ++y)
          for (int x = 0; x < 3; ++x) {
            std::uint8_t* const line = frame->data[plane] + y * frame->linesize[plane];
            const auto wide = static_cast<std::uint16_t>(planes[plane] << (depth - 8));
            if (depth == 8)
              line[x] = static_cast<std::uint8_t>(planes[plane]);
            else
              std::memcpy(line + 2 * x, &wide, sizeof wide);
          }
      const auto picture = picture_of(frame);
      ASSERT_TRUE(picture);
      EXPECT_EQ(picture->matrix, media::ColourMatrix::Bt601);
      EXPECT_FALSE(picture->full_range);
      EXPECT_NEAR(picture->y.pixels[2 * picture->y.stride + 2], row.y, 1);
      EXPECT_NEAR(picture->u.pixels[picture->u.stride + 1], row.u, 1);
      EXPECT_NEAR(picture->v.pixels[0], row.v, 1);
    }
}

TEST(DecodedPicture, WhatIsNotPlanarIsNoPicture) {
  for (const AVPixelFormat format : {AV_PIX_FMT_RGB24, AV_PIX_FMT_NV12, AV_PIX_FMT_YUYV422}) {
    std::shared_ptr<AVFrame> frame(av_frame_alloc(), [](AVFrame* made) { av_frame_free(&made); });
    frame->format = format;
    frame->width = frame->height = 16;
    ASSERT_EQ(av_frame_get_buffer(frame.get(), 0), 0);
    EXPECT_FALSE(picture_of(frame)) << av_get_pix_fmt_name(format);
  }
}

}  // namespace
}  // namespace greffe::codec
