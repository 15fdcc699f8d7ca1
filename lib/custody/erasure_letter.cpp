#include "custody/erasure_letter.h"

#include <algorithm>

#include "retention/decision.h"

namespace greffe::custody {
namespace {

class Letter {
 public:
  explicit Letter(Language language) : language_(language) {}

  std::string say(std::string_view french, std::string_view english) const {
    return std::string(in(language_, french, english));
  }

  // What is said of one meeting.
  std::string sentence_on(const MeetingErasure& erasure) const {
    switch (erasure.state) {
      case ErasureState::Erased: return erased(erasure);
      case ErasureState::BlockedByHold: return held(erasure);
      case ErasureState::InGrace:
      case ErasureState::Approved: return approved(erasure);
      case ErasureState::Proposed:
      case ErasureState::Proposable:
        return say("L'élimination est soumise au visa de l'administration des archives.",
                   "Its destruction awaits the approval of the archives' administration.");
      case ErasureState::WaitsForEvent:
        return say("La durée de conservation court à partir d'un événement qui n'a pas encore eu lieu.",
                   "Its retention period starts with an event that has not happened yet.");
      case ErasureState::BlockedByRule: break;
    }
    return kept(erasure);
  }

  // D8: what was made of the meeting does not end with it.
  std::string sentence_on_records(const MeetingErasure& erasure) const {
    return fmt::format("{}{}.",
                       say("Ce qui a été établi à partir de cette réunion est conservé à part : ",
                           "What was made of this meeting is kept as a record of its own: "),
                       fmt::join(erasure.records, ", "));
  }

 private:
  std::string erased(const MeetingErasure& erasure) const {
    std::string text = say("Les données ont été effacées", "The data have been erased");
    if (erasure.certificate > 0)
      text +=
          fmt::format(" ({} {}, {})", say("certificat", "certificate"), erasure.certificate, erasure.list);
    return text + ".";
  }

  // H13: held, recorded, answered later.
  std::string held(const MeetingErasure& erasure) const {
    std::string text = say(
        "Les données ne peuvent pas être effacées pour le moment : leur conservation est imposée (règlement "
        "(UE) 2016/679, article 17, paragraphe 3). Votre demande reste enregistrée ; elle sera traitée dès "
        "que cette obligation prendra fin.",
        "The data cannot be erased for now: they must be kept (Regulation (EU) 2016/679, article 17(3)). "
        "Your request stays on record and will be dealt with once that ends.");
    for (const catalog::HoldRow& hold : erasure.holds)
      if (hold.confidential == 0 && !hold.reason.empty())
        text += fmt::format(" {}{}", say("Motif : ", "Reason: "), hold.reason);
    return text;
  }

  std::string approved(const MeetingErasure& erasure) const {
    std::string text = say("L'élimination a été approuvée et sera exécutée",
                           "Its destruction has been approved and will be carried out");
    if (erasure.until)
      text += say(" à partir du ", " from ") + day_in(language_, *erasure.until) + say("", " on");
    return text + ".";
  }

  std::string kept(const MeetingErasure& erasure) const {
    if (erasure.code == retention::name_of(retention::Code::NoRule))
      return say(
          "Aucune règle ne fixe encore la durée de conservation de ces données ; leur effacement n'a pas été "
          "décidé. Votre demande reste enregistrée.",
          "No rule says yet how long these data are kept; whether they are erased has not been decided. Your "
          "request stays on record.");
    std::string text = say(
        "Les données sont conservées en application des règles de conservation en vigueur (règlement (UE) "
        "2016/679, article 17, paragraphe 3)",
        "The data are kept under the retention rules in force (Regulation (EU) 2016/679, article 17(3))");
    if (erasure.until) text += say(", jusqu'au ", ", until ") + day_in(language_, *erasure.until);
    return text + ".";
  }

  Language language_;
};

bool all_erased(const std::vector<MeetingErasure>& erasures) {
  return std::all_of(erasures.begin(), erasures.end(),
                     [](const MeetingErasure& erasure) { return erasure.state == ErasureState::Erased; });
}

// "1 January 2020" would be a title; the id begins with the day in UTC.
std::string day_of_meeting(std::string_view meeting) {
  return fmt::format("{}-{}-{}", meeting.substr(0, 4), meeting.substr(4, 2), meeting.substr(6, 2));
}

}  // namespace

Paper erasure_letter(const catalog::ErasureRequest& request, const std::vector<MeetingErasure>& erasures,
                     Language language) {
  const Letter letter(language);
  Paper paper{
      .language = std::string(code_of(language)),
      .title = letter.say("Réponse à votre demande d'effacement", "Answer to your request for erasure"),
      .number = request.reference,
      .across = false,
      .sections = {}};
  PaperSection opening;
  opening.notes = {
      fmt::format("{}{}{}", letter.say("Vous avez demandé, le ", "On "), day_in(language, request.received),
                  letter.say(", l'effacement de données qui vous concernent dans l'enregistrement des "
                             "réunions suivantes.",
                             " you asked for your data in the recordings of these meetings to be "
                             "erased."))};
  paper.sections.push_back(std::move(opening));
  for (const MeetingErasure& erasure : erasures) {
    PaperSection section;
    section.heading = fmt::format("{} {} ({})", letter.say("Réunion du", "Meeting of"),
                                  parse_date(day_of_meeting(erasure.meeting))
                                      .map([&](CivilDate day) { return day_in(language, day); })
                                      .value_or(""),
                                  erasure.meeting);
    section.notes = {letter.sentence_on(erasure)};
    if (!erasure.records.empty()) section.notes.push_back(letter.sentence_on_records(erasure));
    paper.sections.push_back(std::move(section));
  }
  if (all_erased(erasures)) return paper;
  // Regulation (EU) 2016/679, article 12(4).
  PaperSection closing;
  closing.notes = {
      letter.say("Vous pouvez introduire une réclamation auprès de l'autorité de contrôle (en France : la "
                 "CNIL) et former un "
                 "recours juridictionnel.",
                 "You may lodge a complaint with the supervisory authority and seek a judicial remedy.")};
  paper.sections.push_back(std::move(closing));
  return paper;
}

}  // namespace greffe::custody
