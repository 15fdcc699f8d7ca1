#include "custody/recall_notice.h"

#include <algorithm>

namespace greffe::custody {
namespace {

class Notice {
 public:
  Notice(const RecallNotice& notice, const DisposalView& view, Language language)
      : notice_(notice), view_(view), language_(language) {}

  Paper write() const {
    Paper paper{.language = std::string(code_of(language_)),
                .title = say("Demande de destruction de copies", "Request to destroy copies"),
                .number = notice_.id(),
                .across = false,
                .sections = {}};
    paper.sections = {opening(), handed_over(), destroyed(), request(), confirmation()};
    return paper;
  }

 private:
  std::string say(std::string_view french, std::string_view english) const {
    return std::string(in(language_, french, english));
  }
  std::string day(CivilDate date) const { return day_in(language_, date); }
  std::string certificate() const {
    return fmt::format("{} {} {}", notice_.list, say("n°", "no."), notice_.certificate);
  }
  // The certificate has it as RFC 3339 does.
  std::string date_of_export() const {
    const auto date = parse_date(notice_.exported.date);
    return date ? day(*date) : notice_.exported.date;
  }

  PaperSection opening() const {
    const std::string& recipient = notice_.exported.recipient;
    return {
        .heading = "",
        .fields = {{say("Destinataire", "To"), recipient.empty()
                                                   ? say("(non indiqué au registre)", "(not in the register)")
                                                   : recipient},
                   {say("Archives", "From"), view_.owner},
                   {say("Certificat d'élimination", "Certificate of destruction"), certificate()},
                   {say("Éliminé le", "Destroyed on"), instant_in(language_, notice_.destroyed, view_.zone)}},
        .table = {},
        .notes = {},
        .boxes = {}};
  }

  PaperSection handed_over() const {
    PaperTable table{.columns = {{say("N°", "No."), true, 6},
                                 {say("Paquet", "Package"), false, 30},
                                 {say("Volume", "Volume"), true, 14},
                                 {say("Empreinte (SHA-256)", "Digest (SHA-256)"), false, 50}},
                     .rows = {}};
    for (const ExportedPart& part : notice_.parts()) {
      const std::string digest =
          notice_.record ? part.digest.hex() : notice_.exported.digest;  // perhaps none
      table.rows.push_back({fmt::format("{}", table.rows.size() + 1), part.name,
                            part.bytes > 0 ? bytes_in(language_, part.bytes) : "",
                            part.file == part.name ? digest : fmt::format("{} ({})", digest, part.file)});
    }
    PaperSection section{
        .heading = say("Ce qui vous a été remis", "What was handed to you"),
        .fields = {{say("Export", "Export"), notice_.exported.id}, {say("Date", "Date"), date_of_export()}},
        .table = std::move(table),
        .notes = {},
        .boxes = {}};
    if (notice_.record) {
      section.fields.emplace_back(say("Forme", "Form"), notice_.record->format);
      section.fields.emplace_back(say("Motif", "Reason"), notice_.record->reason);
    }
    return section;
  }

  PaperSection destroyed() const {
    PaperTable table{.columns = {{say("N°", "No."), true, 6}, {say("Réunion", "Meeting"), false, 0}},
                     .rows = {}};
    for (const std::string& meeting : notice_.exported.meetings)
      table.rows.push_back({fmt::format("{}", table.rows.size() + 1), meeting});
    PaperSection section{
        .heading = say("Ce qui a été éliminé ici", "What was destroyed here"),
        .fields = {},
        .table = std::move(table),
        .notes = {fmt::format(
            "{} {}.",
            say("Ces réunions, que l'export contient, ont été éliminées dans nos archives ; le "
                "certificat d'élimination est",
                "These meetings, which the export has, were destroyed in our archive under the "
                "certificate of destruction"),
            certificate())},
        .boxes = {}};
    if (const auto others = notice_.other_meetings(); others > 0)
      section.notes.push_back(
          fmt::format("{}{}",
                      say("Autres réunions du même export, que cette demande ne concerne pas : ",
                          "Other meetings in the same export, which this request is not about: "),
                      count_in(language_, others)));
    return section;
  }

  PaperSection request() const {
    return {
        .heading = say("Ce que nous vous demandons", "What we ask of you"),
        .fields = {},
        .table = {},
        .notes = {say("Veuillez détruire ces réunions partout où vous les conservez : le paquet, ce qui en a "
                      "été extrait, les copies et les sauvegardes.",
                      "Please destroy these meetings wherever you keep them: the package, what was taken "
                      "out of it, copies and backups."),
                  say("Veuillez nous le confirmer en retournant cette page signée. Si une obligation vous "
                      "impose de les conserver, veuillez indiquer laquelle et jusqu'à quand.",
                      "Please confirm it by sending this page back, signed. If you are obliged to keep them, "
                      "please say by what and until when.")},
        .boxes = {}};
  }

  PaperSection confirmation() const {
    return {.heading = say("Confirmation", "Confirmation"),
            .fields = {},
            .table = {},
            .notes = {},
            .boxes = {{say("Détruit, ou conservé", "Destroyed, or kept"),
                       say("Détruit le, par quel moyen ; ou conservé, pourquoi et jusqu'à quand",
                           "Destroyed on, by what means; or kept, why and until when")},
                      {say("Pour le destinataire", "For the recipient"),
                       say("Date, nom, qualité, signature", "Date, name, office, signature")}}};
  }

  const RecallNotice& notice_;
  const DisposalView& view_;
  Language language_;
};

}  // namespace

std::string RecallNotice::id() const { return fmt::format("{}, {}/{}", exported.id, list, certificate); }

std::int64_t RecallNotice::other_meetings() const {
  return record ? static_cast<std::int64_t>(record->meetings.size() - exported.meetings.size()) : 0;
}

std::vector<ExportedPart> RecallNotice::parts() const {
  if (record) return record->parts;
  return {{.name = exported.id,
           .file = exported.id,
           .digest = fixity::Digest::of_hex(exported.digest).value_or(fixity::Digest{})}};
}

std::vector<RecallNotice> recall_notices(const catalog::Certificate& certificate,
                                         const std::vector<ExportRecord>& exports) {
  std::vector<RecallNotice> notices;
  for (const catalog::CertifiedExport& exported : certificate.exports) {
    const auto record = std::find_if(exports.begin(), exports.end(), [&](const ExportRecord& one) {
      return catalog::export_id(one.number) == exported.id;
    });
    notices.push_back({.list = certificate.list,
                       .certificate = certificate.number,
                       .destroyed = certificate.when,
                       .exported = exported,
                       .record = record == exports.end() ? std::nullopt : std::optional(*record)});
  }
  return notices;
}

json::Object json_of(const RecallNotice& notice) {
  json::Array parts;
  if (notice.record)
    for (const ExportedPart& part : notice.record->parts)
      parts.push_back(json::Object{
          {"name", part.name}, {"bytes", part.bytes}, {"file", part.file}, {"sha256", part.digest.hex()}});
  const auto& meetings = notice.exported.meetings;
  return {{"schema", "greffe.recall-notice/1"},
          {"list", notice.list},
          {"certificate", notice.certificate},
          {"destroyed", rfc3339(notice.destroyed)},
          {"export", notice.exported.id},
          {"recipient", notice.exported.recipient},
          {"date", notice.exported.date},
          {"digest", notice.exported.digest},
          {"parts", std::move(parts)},
          {"meetings", json::Array(meetings.begin(), meetings.end())},
          {"other_meetings", notice.other_meetings()}};
}

Paper paper_of(const RecallNotice& notice, const DisposalView& view, Language language) {
  return Notice(notice, view, language).write();
}

}  // namespace greffe::custody
