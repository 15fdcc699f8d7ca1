// Sequence and frame headers of AV1.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "media/av1_frame_header.h"
#include "support/av1_writer.h"

namespace greffe::media {
namespace {

using test::Av1Frame;
using test::Octets;
using testing::ElementsAre;

Result<Av1SequenceHeader> sequence_of(const test::Av1Sequence& sequence) {
  const Octets obu = test::av1_sequence_header(sequence);
  return parse_av1_sequence_header(parse_obu(obu)->payload);
}

TEST(Av1SequenceHeader, ReadsSizesAndWhatFrameHeadersNeed) {
  const auto plain = sequence_of({.width_px = 641, .height_px = 359});
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain->largest, (PictureSize{641, 359}));
  EXPECT_EQ(plain->level, 8);
  EXPECT_EQ(plain->tier, 1);
  EXPECT_EQ(plain->order_hint_bits, 7);
  EXPECT_EQ(plain->chroma_position, 2);
  EXPECT_EQ(plain->force_screen_content, 2);
  const auto full = sequence_of({.frame_ids = true, .decoder_model = true, .order_hint_bits = 0});
  ASSERT_TRUE(full.has_value());
  EXPECT_EQ(full->removal_time_bits, 16);
  EXPECT_EQ(full->presentation_time_bits, 12);
  EXPECT_EQ(full->frame_id_delta_bits, 7);
  EXPECT_EQ(full->order_hint_bits, 0);
}

TEST(Av1SequenceHeader, RejectsEveryPrefix) {
  const Octets obu = test::av1_sequence_header({.frame_ids = true, .decoder_model = true});
  const Bytes payload = Bytes(obu).subspan(1);
  ASSERT_TRUE(parse_av1_sequence_header(payload).has_value());
  for (std::size_t size = 0; size + 1 < payload.size(); ++size)
    EXPECT_FALSE(parse_av1_sequence_header(payload.first(size)).has_value()) << size;
  EXPECT_FALSE(parse_av1_sequence_header(Octets(20, 0xff)).has_value());  // profile 7
}

// Written out by Chromium 156 (sample av1) and, for the record around it, AV1 in ISOBMFF §2.3.3.
TEST(Av1SequenceHeader, BecomesTheCodecPrivateOfMatroska) {
  const Octets obu = {0x08, 0x00, 0x00, 0x00, 0x04, 0x3c, 0xff, 0xbc, 0x01, 0xa0, 0x08};
  const auto parsed = parse_obu(obu);
  const auto header = parse_av1_sequence_header(parsed->payload);
  ASSERT_TRUE(header.has_value());
  EXPECT_EQ(header->largest, (PictureSize{320, 240}));
  EXPECT_THAT(av1_codec_private(*header, *parsed),
              ElementsAre(0x81, 0x00, 0x0c, 0x00, 0x0a, 0x0a, 0x00, 0x00, 0x00, 0x04, 0x3c, 0xff, 0xbc, 0x01,
                          0xa0, 0x08));
}

Result<Av1FrameHeader> frame_of(const Av1Frame& frame) {
  const auto sequence = sequence_of(frame.sequence);
  const Octets bytes = test::av1_frame(frame);
  return parse_av1_frame_header(*parse_obu(bytes), *sequence);
}

TEST(Av1FrameHeader, ReadsKeyFrames) {
  const auto shown = frame_of({.type = 0});
  ASSERT_TRUE(shown.has_value());
  EXPECT_TRUE(shown->starts());
  EXPECT_EQ(shown->refreshed, 0xff);
  EXPECT_EQ(shown->size, (PictureSize{320, 240}));
  const auto hidden = frame_of({.type = 0, .shown = false, .refreshed = 4, .width_px = 64, .height_px = 48});
  ASSERT_TRUE(hidden.has_value());
  EXPECT_FALSE(hidden->starts());
  EXPECT_EQ(hidden->refreshed, 4);
  EXPECT_EQ(hidden->size, (PictureSize{64, 48}));
}

TEST(Av1FrameHeader, ReadsWhatAFrameNamesAndReplaces) {
  const test::Av1Sequence plain{}, full{.frame_ids = true, .decoder_model = true}, bare{.order_hint_bits = 0};
  for (const test::Av1Sequence& sequence : {plain, full, bare}) {
    for (const bool resilient : {false, true}) {
      const auto header = frame_of({.error_resilient = resilient,
                                    .refreshed = 0x42,
                                    .references = {0, 1, 1, 5, 5, 0, 7},
                                    .sequence = sequence});
      ASSERT_TRUE(header.has_value());
      EXPECT_EQ(header->refreshed, 0x42);
      EXPECT_EQ(header->named, 0b1010'0011);
      EXPECT_EQ(header->size, (PictureSize{320, 240}));
    }
  }
}

TEST(Av1FrameHeader, ReadsSizesOfItsOwnAndOfReferences) {
  const auto own = frame_of({.references = {1, 2, 3, 4, 5, 6, 7}, .width_px = 640, .height_px = 360});
  EXPECT_EQ(own->size, (PictureSize{640, 360}));
  const auto of_slot = frame_of({.references = {1, 2, 3, 4, 5, 6, 7}, .size_reference = 2});
  EXPECT_FALSE(of_slot->size.has_value());
  EXPECT_EQ(of_slot->size_slot, 3);
  EXPECT_EQ(frame_of({.type = 3, .width_px = 160, .height_px = 90})->size, (PictureSize{160, 90}));
}

TEST(Av1FrameHeader, ShortListsOfReferencesNameEverySlot) {
  EXPECT_EQ(frame_of({.short_references = true})->named, 0xff);
}

TEST(Av1FrameHeader, ReadsFramesThatShowASlot) { EXPECT_EQ(frame_of({.existing = 6})->existing, 6); }

TEST(Av1FrameHeader, RejectsEveryPrefix) {
  const Octets bytes = test::av1_obu(6, test::av1_frame_payload({.error_resilient = true}, 0));
  const auto sequence = sequence_of({});
  ASSERT_TRUE(parse_av1_frame_header(*parse_obu(bytes), *sequence).has_value());
  for (std::size_t size = 1; size < bytes.size(); ++size)
    EXPECT_FALSE(parse_av1_frame_header(*parse_obu(Bytes(bytes).first(size)), *sequence).has_value()) << size;
}

}  // namespace
}  // namespace greffe::media
