#include "custody/recall_notice.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "support/schema.h"

namespace greffe::custody {
namespace {

using testing::HasSubstr;
using testing::Not;

constexpr const char* Gone = "20200101-080000Z-0123456789";
constexpr const char* Other = "20200301-230000Z-abcdef0123";

class RecallNoticeTest : public testing::Test {
 protected:
  RecallNoticeTest() {
    certificate_.list = "disposal-20260301-0a1b2c";
    certificate_.number = 2;
    certificate_.when = parse_rfc3339("2026-04-30T22:30:00Z").value();
    certificate_.meetings = {Gone};
    certificate_.exports = {
        {.id = "export-1",
         .recipient = "Université <b>X</b>",
         .date = "2025-11-20",
         .digest = part("bag-1-of-2.tar").digest.hex(),
         .meetings = {Gone}},
        {.id = "export-9", .recipient = "", .date = "2025-12-01", .digest = "", .meetings = {Gone}}};
    ExportRecord exported{
        .number = 1, .format = "bagit", .exported = {}, .bagging_date = {}, .reason = "thèse"};
    exported.meetings = {{.id = Gone}, {.id = Other}};
    exported.parts = {part("bag-1-of-2.tar"), part("bag-2-of-2.tar")};
    exports_ = {exported};
    record_.list.id = certificate_.list;
    record_.certificates = {certificate_};
  }

  static ExportedPart part(const std::string& name) {
    return {.name = name, .bytes = 12'345'678, .file = name, .digest = fixity::digest_of(name)};
  }
  std::vector<RecallNotice> notices() const { return recall_notices(certificate_, exports_); }
  Paper paper(std::size_t number, Language language) const {
    const DisposalView view{
        .record = record_, .zone = TimeZone::find("Europe/Paris").value(), .owner = "Ville de X"};
    return paper_of(notices()[number], view, language);
  }

  catalog::Certificate certificate_;
  std::vector<ExportRecord> exports_;
  catalog::DisposalRecord record_;
};

TEST_F(RecallNoticeTest, D10_TellsWhatWasHandedOverAndThatItIsDestroyed) {
  const std::string english = plain_text_of(paper(0, Language::English));
  for (const std::string& word :
       {std::string("Université <b>X</b>"), std::string("Ville de X"), std::string("export-1"),
        std::string("2025-11-20"), std::string("2026-05-01 00:30"),
        std::string("disposal-20260301-0a1b2c no. 2"), part("bag-1-of-2.tar").digest.hex(),
        part("bag-2-of-2.tar").digest.hex(), std::string(Gone), std::string("thèse"),
        std::string("is not about: 1"), std::string("signature")})
    EXPECT_THAT(english, HasSubstr(word));
  EXPECT_THAT(english, Not(HasSubstr(Other)));
  const std::string french = html_of(paper(0, Language::French));
  for (const char* word : {"<html lang=\"fr\">", "Demande de destruction de copies", "20/11/2025", "12,3 Mo",
                           "Université &lt;b&gt;X&lt;/b&gt;"})
    EXPECT_THAT(french, HasSubstr(word));
}

TEST_F(RecallNoticeTest, D10_AnExportThatTheRegisterLostIsToldFromTheCertificate) {
  const std::string text = plain_text_of(paper(1, Language::French));
  EXPECT_THAT(text, HasSubstr("export-9"));
  EXPECT_THAT(text, HasSubstr("(non indiqué au registre)"));
  EXPECT_EQ(notices()[1].other_meetings(), 0);
}

TEST_F(RecallNoticeTest, D10_EachExportIsAPageAndALine) {
  std::vector<Paper> papers;
  for (std::size_t i = 0; i < notices().size(); ++i) papers.push_back(paper(i, Language::English));
  const std::string html = html_of(papers), text = plain_text_of(papers);
  EXPECT_NE(html.find("<h1>"), html.rfind("<h1>"));
  EXPECT_EQ(html.find("<html"), html.rfind("<html"));
  EXPECT_EQ(std::count(text.begin(), text.end(), '\f'), 1);
  const auto schema = read_text(Path(GREFFE_SOURCE_DIR) / "schemas/recall-notice.schema.json", 1 << 20);
  for (const RecallNotice& notice : notices())
    EXPECT_THAT(*test::violations(*json::parse(*schema), json_of(notice)), testing::IsEmpty());
}

}  // namespace
}  // namespace greffe::custody
