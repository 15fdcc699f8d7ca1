#include "custody/erasure_letter.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

namespace greffe::custody {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr std::string_view Asked = "20200101-080000Z-0123456789";

catalog::ErasureRequest request_of_letter() {
  return {.number = 1,
          .recorded = {},
          .received = parse_date("2026-02-27").value(),
          .by = {},
          .reference = "DPO-17",
          .meetings = {std::string(Asked)},
          .note = "Amélie Martin, by post",
          .states = {}};
}

catalog::HoldRow hold_of_letter(std::string reason, bool confidential) {
  catalog::HoldRow hold;
  hold.id = "hold-1";
  hold.matter = "Affair 7";
  hold.reason = std::move(reason);
  hold.confidential = confidential ? 1 : 0;
  return hold;
}

std::string letter_in(Language language, const MeetingErasure& erasure) {
  return plain_text_of(erasure_letter(request_of_letter(), {erasure}, language));
}

TEST(ErasureLetter, H13_OfAConfidentialHoldNothingIsTold) {
  for (const Language language : {Language::French, Language::English}) {
    const MeetingErasure erasure{.meeting = std::string(Asked),
                                 .state = ErasureState::BlockedByHold,
                                 .holds = {hold_of_letter("secret", true), hold_of_letter("inquiry", false),
                                           hold_of_letter("", false)}};
    const std::string letter = letter_in(language, erasure);
    EXPECT_THAT(letter, HasSubstr("inquiry"));
    for (const char* untold : {"secret", "Affair", "hold-1", "Martin"})
      EXPECT_THAT(letter, Not(HasSubstr(untold)));
  }
}

TEST(ErasureLetter, H13_EveryStateHasItsWords) {
  for (const Language language : {Language::French, Language::English}) {
    std::set<std::string> letters;
    for (const ErasureState state :
         {ErasureState::Erased, ErasureState::BlockedByHold, ErasureState::InGrace, ErasureState::Proposed,
          ErasureState::WaitsForEvent, ErasureState::BlockedByRule}) {
      const std::string letter = letter_in(language, {.meeting = std::string(Asked), .state = state});
      EXPECT_THAT(letter, HasSubstr("DPO-17"));
      EXPECT_THAT(letter, HasSubstr(day_in(language, parse_date("2020-01-01").value())));
      // Whoever is refused is told where to complain.
      EXPECT_EQ(letter.find(language == Language::French ? "CNIL" : "supervisory") == std::string::npos,
                state == ErasureState::Erased);
      letters.insert(letter);
    }
    EXPECT_EQ(letters.size(), 6u);
  }
}

TEST(ErasureLetter, H13_SaysUntilWhenAndByWhichCertificate) {
  MeetingErasure erasure{.meeting = std::string(Asked), .state = ErasureState::BlockedByRule};
  erasure.until = parse_date("2030-12-31").value();
  EXPECT_THAT(letter_in(Language::French, erasure), HasSubstr("31/12/2030"));
  erasure.state = ErasureState::InGrace;
  EXPECT_THAT(letter_in(Language::English, erasure), HasSubstr("2030-12-31"));
  erasure = {.meeting = std::string(Asked),
             .state = ErasureState::Erased,
             .list = "disposal-20260301-0a1b2c",
             .certificate = 2};
  EXPECT_THAT(letter_in(Language::English, erasure), HasSubstr("certificate 2, disposal-20260301-0a1b2c"));
}

}  // namespace
}  // namespace greffe::custody
