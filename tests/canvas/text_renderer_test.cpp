#include "canvas/text_renderer.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <numeric>

#include "canvas/plain_text.h"

namespace greffe::canvas {
namespace {

TextRenderer renderer() {
  auto made = TextRenderer::create();
  EXPECT_TRUE(made);
  return std::move(*made);
}

caption::Cue cue(std::string speaker, std::string text) {
  caption::Cue made;
  made.speaker = std::move(speaker);
  made.text = std::move(text);
  return made;
}

std::uint64_t ink(const Overlay& overlay) {
  return std::accumulate(overlay.y.begin(), overlay.y.end(), std::uint64_t{0},
                         [](std::uint64_t sum, std::uint8_t y) { return sum + (y > 128); });
}

TEST(PlainText, R87_NothingIsLeftThatLibassCouldObey) {
  EXPECT_EQ(escaped_for_ass(R"({\p1}m 0 0{\p0})"), "\\{\\\xE2\x81\xA0p1\\}m 0 0\\{\\\xE2\x81\xA0p0\\}");
  EXPECT_EQ(escaped_for_ass(R"(C:\new)"), "C:\\\xE2\x81\xA0new");
  EXPECT_EQ(drawable_line("a\x01\nb\tc\x7F\xE2\x80\xAE"
                          "d\xE2\x81\xA6"),
            "a b cd");
}

TEST(PlainText, R65_CutsBetweenCharactersAsReadersSeeThem) {
  EXPECT_EQ(graphemes("e\xCC\x81"
                      "a",
                      9),
            (std::vector<std::string>{"e\xCC\x81", "a"}));
  EXPECT_EQ(graphemes("🇫🇷🇩🇪x", 9).size(), 3U);
  EXPECT_EQ(graphemes("👩\xE2\x80\x8D🚀!", 9).size(), 2U);
  std::string storm = "e";
  for (int i = 0; i < 500; ++i) storm += "\xCC\x81";
  EXPECT_EQ(graphemes(storm, 9).size(), 1U);
  EXPECT_LT(graphemes(storm, 9)[0].size(), 20U);
}

TEST(PlainText, InitialsAreOfFirstAndLastWord) {
  EXPECT_EQ(initials_of("Amélie de la Roux"), "AR");
  EXPECT_EQ(initials_of("  émile "), "é");
  EXPECT_EQ(initials_of("\n"), "?");
  EXPECT_EQ(initials_of("Bruno KELLER (DINUM)"), "BK");
  EXPECT_EQ(initials_of("Anna (2)"), "A");
  EXPECT_EQ(initials_of("42"), "4");
}

TEST(TextRenderer, R65_LabelNeverLeavesItsTile) {
  TextRenderer text = renderer();
  std::string endless;
  for (int i = 0; i < 5000; ++i) endless += "Wé";
  for (const std::string& name :
       {std::string("Amélie Roux"), endless, std::string("محمد بن عبد الله الطويل جدا"),
        std::string("שלום עולם וברכה לכולם")})
    for (const int width : {40, 121, 320}) {
      const Overlay overlay = text.label(name, width, 20);
      EXPECT_LE(overlay.width_px, width);
      EXPECT_EQ(overlay.width_px % 2, 0);
      EXPECT_EQ(overlay.y.size(), static_cast<std::size_t>(overlay.width_px * overlay.height_px));
      EXPECT_EQ(overlay.u.size() * 4, overlay.y.size());
      EXPECT_GT(ink(overlay), 5U);
    }
  EXPECT_TRUE(text.label("", 200, 20).empty());
  EXPECT_TRUE(text.label("\xE2\x80\xAE\x01", 200, 20).empty());
}

TEST(TextRenderer, R87_OverrideTagsAreShownAsText) {
  TextRenderer text = renderer();
  const Overlay hostile = text.label(R"({\p1}m 0 0 l 900 0 900 900{\fs5000})", 2000, 20);
  const Overlay plain = text.label("(/p1)m 0 0 l 900 0 900 900(/fs5000)", 2000, 20);
  EXPECT_EQ(hostile.height_px, plain.height_px);
  EXPECT_NEAR(hostile.width_px, plain.width_px, 60);
}

TEST(TextRenderer, CaptionStaysInsideTheSafeArea) {
  TextRenderer text = renderer();
  const std::vector<caption::Cue> shown{cue(
      "Amélie Roux",
      "A line that is far longer than what any canvas of this size can ever hold at once.\nAnd one more.")};
  for (const auto& [width, height] : {std::pair{1280, 720}, {640, 360}, {320, 240}}) {
    const PlacedOverlay placed = text.caption(shown, width, height);
    EXPECT_GT(placed.overlay.width_px, width / 3);
    EXPECT_GE(placed.x, width / 25);
    EXPECT_LE(placed.x + placed.overlay.width_px, width - width / 25);
    EXPECT_LE(placed.y + placed.overlay.height_px, height - height / 20);
    EXPECT_EQ(placed.x % 2 + placed.y % 2, 0);
  }
}

TEST(TextRenderer, R83_KeepsTheNewestFourLines) {
  TextRenderer text = renderer();
  std::vector<caption::Cue> shown;
  for (int i = 0; i < 4; ++i) shown.push_back(cue("Ann", "one\ntwo"));
  const int four = text.caption(shown, 1280, 720).overlay.height_px;
  EXPECT_EQ(four, text.caption(std::span(shown).subspan(2), 1280, 720).overlay.height_px);
  EXPECT_TRUE(text.caption({}, 1280, 720).overlay.empty());
}

// Shaping them all for each that comes would take hours.
TEST(TextRenderer, R83_TwentyThousandOverlapsTakeNoTime) {
  TextRenderer text = renderer();
  const std::vector<caption::Cue> shown(20'000, cue("Ann", "one"));
  const int four = text.caption(std::span(shown).first(4), 1280, 720).overlay.height_px;
  for (int i = 0; i < 1000; ++i) ASSERT_EQ(text.caption(shown, 1280, 720).overlay.height_px, four);
}

TEST(TextEngine, KnowsWhatALineNeedsWhereverItIsCut) {
  TextEngine engine = std::move(TextEngine::create()).value();
  const std::string line = "Salle de réunion   nord";
  const int whole = engine.draw(line, 20, false, 4000).width_px;
  for (int room = 20; room < whole + 20; ++room) {
    const TextMask mask = engine.draw(line, 20, false, room);
    ASSERT_EQ(mask.line_px, whole) << "cut at " << room;
    ASSERT_EQ(mask.width_px, std::min(whole, room));
  }
}

TEST(TextRenderer, AnOrdinaryCueIsShownWholeInPortrait) {
  TextRenderer text = renderer();
  const std::vector<caption::Cue> shown{
      cue("", "We reject the motion that the school roof\nis repaired before the winter holidays end")};
  const PlacedOverlay placed = text.caption(shown, 360, 640);
  EXPECT_LE(placed.overlay.width_px, 360 * 92 / 100);
  const std::vector<caption::Cue> end{cue("", "is repaired before the winter holidays end")};
  EXPECT_GT(placed.overlay.height_px, text.caption(end, 360, 640).overlay.height_px * 3 / 2);
  EXPECT_FALSE(text.take_gaps().captions_cut);
}

TEST(TextRenderer, ACueTooLongForTheSmallestLettersIsTold) {
  TextRenderer text = renderer();
  std::string speech;
  for (int i = 0; i < 300; ++i) speech += "and so on ";
  const std::vector<caption::Cue> shown{cue("Ann", speech)};
  EXPECT_LE(text.caption(shown, 1280, 720).overlay.height_px, 720 / 4);
  const TextGaps gaps = text.take_gaps();
  EXPECT_TRUE(gaps.captions_cut);
  DamageLog damage;
  gaps.report(damage);
  ASSERT_EQ(damage.entries().size(), 1u);
  EXPECT_EQ(damage.entries()[0].condition, "caption-cut");
  EXPECT_FALSE(text.take_gaps().captions_cut) << "told once";
}

TEST(TextRenderer, ATitleOfManyWordsIsShownWholeOrSaysThatItIsNot) {
  TextRenderer text = renderer();
  const auto card = [&](int words, std::string_view last) {
    std::string title;
    for (int i = 0; i < words; ++i) title += "and so on ";
    return text.card(title + std::string(last), "2026-09-21", 640, 360);
  };
  EXPECT_NE(card(24, "mill").y, card(24, "pond").y) << "in smaller letters the last word is there";
  EXPECT_TRUE(text.take_gaps().empty());
  EXPECT_EQ(card(80, "mill").y, card(80, "pond").y);
  DamageLog damage;
  text.take_gaps().report(damage);
  ASSERT_EQ(damage.entries().size(), 1u);
  EXPECT_EQ(damage.entries()[0].condition, "title-cut");
  EXPECT_TRUE(text.take_gaps().empty()) << "told once";
}

TEST(TextRenderer, R88_DirectionsAndStormsOfMarksStayInTheirPlace) {
  TextRenderer text = renderer();
  std::string storm = "Z";
  for (int i = 0; i < 2000; ++i) storm += "\u0301\u0321";
  for (const std::string& words :
       {std::string("שלום עולם"), std::string("مرحبا بالعالم"),
        std::string("Ann \u202Eevil\u202C said مرحبا 123"), storm, "\u200F\u200E" + storm}) {
    const Overlay label = text.label(words, 200, 20);
    EXPECT_LE(label.width_px, 200);
    EXPECT_LE(label.height_px, 40);
    const PlacedOverlay caption = text.caption(std::vector{cue("Ann", words + "\n" + words)}, 640, 360);
    EXPECT_GE(caption.x, 0);
    EXPECT_LE(caption.x + caption.overlay.width_px, 640);
    EXPECT_GE(caption.y, 0);
    EXPECT_LE(caption.y + caption.overlay.height_px, 360);
  }
}

// So that what is told of one text does not depend on those before it.
TEST(TextRenderer, R104_GlyphsAreMissedEachTimeTheyAreDrawn) {
  TextRenderer text = renderer();
  for (int times = 0; times < 3; ++times) {
    text.label("Ann \U000F1234", 300, 20);
    EXPECT_EQ(text.take_gaps().glyphs, (std::set<char32_t>{0xF1234}));
    text.label("Ann", 300, 20);
    EXPECT_TRUE(text.take_gaps().glyphs.empty());
  }
}

TEST(TextRenderer, R104_TellsWhichGlyphsAreMissing) {
  TextRenderer text = renderer();
  DamageLog damage;
  text.label("Ann Müller", 300, 20);
  text.take_gaps().report(damage);
  EXPECT_TRUE(damage.empty());
  text.label("Ann \U000F1234", 300, 20);  // private use: no font has it
  text.take_gaps().report(damage);
  ASSERT_EQ(damage.entries().size(), 1U);
  EXPECT_EQ(damage.entries()[0].condition, "glyph-missing");
  EXPECT_NE(damage.entries()[0].text.find("U+F1234: install fonts-noto-core"), std::string::npos)
      << damage.entries()[0].text;
}

TEST(PlainText, R87_ALineIsReadAsItsTextIs) {
  const std::string hebrew = "\xD7\xA9\xD7\x9C\xD7\x95\xD7\x9D";
  EXPECT_EQ(direction_of(hebrew + " Zoom"), Direction::RightToLeft);
  EXPECT_EQ(direction_of("12:30, (Zoom) " + hebrew), Direction::LeftToRight);
  EXPECT_EQ(direction_of("12:30 \xE2\x80\x93 13:00!"), Direction::None);
  EXPECT_EQ(direction_of("\xCE\xB1"), Direction::LeftToRight) << "Greek";
  EXPECT_EQ(directed_line("Zoom", Direction::RightToLeft), "\xE2\x80\x8FZoom");
  EXPECT_EQ(directed_line(hebrew, Direction::RightToLeft), hebrew);
  EXPECT_EQ(directed_line(hebrew, Direction::LeftToRight), "\xE2\x80\x8E" + hebrew);
  EXPECT_EQ(directed_line("13:00", Direction::None), "13:00");
}

}  // namespace
}  // namespace greffe::canvas
