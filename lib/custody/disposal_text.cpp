#include "custody/disposal_text.h"

#include <algorithm>
#include <set>

namespace greffe::custody {
namespace {

using catalog::ListLine;
using retention::Verdict;

constexpr std::string_view Dash = " – ";

void append(std::string& text, std::string_view part, std::string_view between) {
  if (part.empty()) return;
  if (!text.empty()) text += between;
  text += part;
}

// A list or a certificate, in one language.
class Writing {
 public:
  Writing(const DisposalView& view, Language language)
      : view_(view), list_(view.record.list), language_(language) {}

  Paper bordereau() const {
    Paper paper{.language = std::string(code_of(language_)),
                .title = say("Bordereau d'élimination", "Disposal list"),
                .number = list_.id,
                .sections = {}};
    paper.sections = {about_list(), lines(), visas(), signatures()};
    return paper;
  }

  Paper certificate(const catalog::Certificate& certificate) const {
    Paper paper{.language = std::string(code_of(language_)),
                .title = say("Certificat d'élimination", "Certificate of destruction"),
                .number = fmt::format("{} {} {}", list_.id, say("n°", "no."), certificate.number),
                .sections = {}};
    paper.sections = {about_certificate(certificate), destroyed(certificate), skipped(certificate),
                      exports(certificate), evidence(certificate)};
    std::erase_if(paper.sections, [](const PaperSection& section) {
      return section.fields.empty() && section.table.rows.empty() && section.notes.empty();
    });
    return paper;
  }

 private:
  std::string say(std::string_view french, std::string_view english) const {
    return std::string(in(language_, french, english));
  }
  std::string day(CivilDate date) const { return day_in(language_, date); }
  std::string day_at(std::int64_t unix_ms) const {
    return day(view_.zone.date_of(WallTime(std::chrono::milliseconds(unix_ms))));
  }
  std::string days_between(std::int64_t first_ms, std::int64_t last_ms) const {
    const std::string first = day_at(first_ms), last = day_at(last_ms);
    return first == last ? first : first + std::string(Dash) + last;
  }
  std::string instant(WallTime time) const { return instant_in(language_, time, view_.zone); }
  std::string volume(std::int64_t bytes) const {
    const std::string short_text = bytes_in(language_, bytes);
    return bytes < 1000
               ? short_text
               : fmt::format("{} ({} {})", short_text, count_in(language_, bytes), say("octets", "bytes"));
  }
  static std::string person(const catalog::Person& by) { return fmt::format("{} ({})", by.login, by.host); }

  std::string nature(const ListLine& line) const {
    const auto title = view_.titles.find(line.meeting);
    std::string text = title != view_.titles.end() ? title->second : std::string();
    append(text, line.record_class, Dash);
    append(text, line.meeting, Dash);
    return text;
  }

  const retention::Rule* rule_of(const ListLine& line) const {
    if (view_.policy == nullptr || view_.policy->version != list_.policy_version) return nullptr;
    const auto found = std::find_if(view_.policy->rules.begin(), view_.policy->rules.end(),
                                    [&](const retention::Rule& rule) { return rule.id == line.rule; });
    return found == view_.policy->rules.end() ? nullptr : &*found;
  }

  // The period of the rule, and the last day it protected.
  std::string retention_period(const ListLine& line) const {
    std::string text;
    if (const retention::Rule* rule = rule_of(line)) text = period_in(language_, rule->duration);
    if (line.keep_until)
      append(text, say("jusqu'au ", "until ") + day(*line.keep_until), text.empty() ? "" : ", ");
    return text;
  }

  std::string remarks_of_service(const ListLine& line) const {
    std::string text = fmt::format("{} {}", say("règle", "rule"), line.rule);
    if (line.ingested_in_error) append(text, say("versé par erreur", "ingested in error"), "; ");
    const bool several = line.terms.approvers > 1;
    std::string visas = several ? say("visas", "approvals") : say("visa", "approval");
    if (line.terms.signed_approval)
      visas = several ? say("visas signés", "signed approvals") : say("visa signé", "signed approval");
    if (several || line.terms.signed_approval)
      append(text, fmt::format("{} {}", line.terms.approvers, visas), "; ");
    return text;
  }

  std::string remarks_of_archives(const ListLine& line) const {
    std::string text;
    for (const catalog::Visa& visa : view_.record.visas) {
      const catalog::VisaLine* said = visa.said.find(line.meeting);
      if (said == nullptr) continue;
      std::string word(verdict_in(language_, said->verdict));
      if (said->until) word += say(" au ", " until ") + day(*said->until);
      word += fmt::format(" ({}, {})", visa.by.login, day(visa.day));
      append(word, said->remark, ": ");
      append(text, word, "; ");
    }
    if (const auto state = view_.states.find(line.meeting); state != view_.states.end())
      append(text, state_text(line, state->second), " ");
    return text;
  }

  std::string state_text(const ListLine& line, retention::LineState state) const {
    std::string text(state_in(language_, state));
    const auto other = view_.record.destroyed_elsewhere.find(line.meeting);
    if (state == retention::LineState::DestroyedElsewhere && other != view_.record.destroyed_elsewhere.end())
      append(text, other->second, " ");
    return fmt::format("[{}]", text);
  }

  std::string producers() const {
    std::set<std::string> names;
    for (const ListLine& line : list_.lines) names.insert(line.producers.begin(), line.producers.end());
    return fmt::format("{}", fmt::join(names, ", "));
  }

  std::string extreme_dates() const {
    if (list_.lines.empty()) return "";
    std::int64_t first = list_.lines.front().start_unix_ms, last = list_.lines.front().end_unix_ms;
    for (const ListLine& line : list_.lines) {
      first = std::min(first, line.start_unix_ms);
      last = std::max(last, line.end_unix_ms);
    }
    return days_between(first, last);
  }

  PaperSection about_list() const {
    return {
        .heading = "",
        .fields = {{say("Service producteur", "Producer"), producers()},
                   {say("Archives", "Archive"), view_.owner},
                   {say("Proposé le", "Proposed on"), instant(list_.made)},
                   {say("Proposé par", "Proposed by"), person(list_.by)},
                   {say("Clé du proposant (Ed25519)", "Key of the proposer (Ed25519)"), list_.public_key},
                   {say("Demande", "Asked for"), list_.scope},
                   {say("Version des règles", "Version of the rules"),
                    fmt::format("{}", list_.policy_version)},
                   {say("Nombre de réunions", "Meetings"),
                    count_in(language_, static_cast<std::int64_t>(list_.lines.size()))},
                   {say("Dates extrêmes", "Extreme dates"), extreme_dates()},
                   {say("Volume", "Volume"), volume(list_.bytes())},
                   {say("Sort final", "Final action"),
                    std::string(action_in(language_, retention::FinalAction::Destroy))},
                   {say("Observations du service", "Remarks of the service"), list_.note},
                   {say("Horloge admise", "Clock accepted"), list_.clock_jump},
                   {say("Empreinte de la liste (SHA-512)", "Digest of the list (SHA-512)"), list_.digest()}},
        .table = {},
        .notes = {},
        .boxes = {}};
  }

  PaperSection lines() const {
    PaperTable table{.columns = {{say("N°", "No."), true, 4},
                                 {say("Titre, nature", "Title, kind"), false, 25},
                                 {say("Dates extrêmes", "Extreme dates"), false, 10},
                                 {say("DUA", "Retention period"), false, 11},
                                 {say("Volume", "Volume"), true, 9},
                                 {say("Sort final", "Final action"), false, 8},
                                 {say("Observations du service", "Remarks of the service"), false, 14},
                                 {say("Observations des archives", "Remarks of the archives"), false, 19}},
                     .rows = {}};
    for (const ListLine& line : list_.lines)
      table.rows.push_back(
          {fmt::format("{}", table.rows.size() + 1), nature(line),
           days_between(line.start_unix_ms, line.end_unix_ms), retention_period(line),
           fmt::format("{}, {} {}", bytes_in(language_, line.bytes), count_in(language_, line.files),
                       line.files == 1 ? say("fichier", "file") : say("fichiers", "files")),
           std::string(action_in(language_, retention::FinalAction::Destroy)), remarks_of_service(line),
           remarks_of_archives(line)});
    return {.heading = say("Réunions", "Meetings"),
            .fields = {},
            .table = std::move(table),
            .notes = {},
            .boxes = {}};
  }

  std::string verdicts_of(const catalog::Visa& visa) const {
    std::string text;
    for (const Verdict verdict : {Verdict::Accept, Verdict::Refuse, Verdict::Defer}) {
      const auto count =
          std::count_if(visa.said.lines.begin(), visa.said.lines.end(),
                        [&](const catalog::VisaLine& line) { return line.verdict == verdict; });
      if (count > 0) append(text, fmt::format("{} {}", count, verdict_in(language_, verdict)), ", ");
    }
    return text;
  }

  std::string signature_of(const catalog::Visa& visa) const {
    return visa.key.empty() ? say("sans signature", "not signed")
                            : say("Ed25519, clé ", "Ed25519, key ") + visa.key;
  }

  PaperSection visas() const {
    PaperTable table{.columns = {{say("N°", "No."), true, 4},
                                 {say("Personne", "Person"), false, 16},
                                 {say("Donné le", "Given on"), false, 16},
                                 {say("Valable jusqu'au", "Valid until"), false, 10},
                                 {say("Lignes", "Lines"), false, 18},
                                 {say("Signature", "Signature"), false, 16},
                                 {say("Motif", "Reason"), false, 20}},
                     .rows = {}};
    for (const catalog::Visa& visa : view_.record.visas)
      table.rows.push_back({fmt::format("{}", visa.number), person(visa.by), instant(visa.given),
                            day(visa.said.valid_until), verdicts_of(visa), signature_of(visa),
                            visa.said.reason});
    PaperSection section{.heading = say("Visas", "Approvals"),
                         .fields = {},
                         .table = std::move(table),
                         .notes = {},
                         .boxes = {}};
    if (view_.record.visas.empty())
      section.notes = {say("Aucun visa n'a encore été donné.", "Nobody has approved yet.")};
    return section;
  }

  PaperSection signatures() const {
    const std::string below = say("Date, nom, qualité, signature", "Date, name, office, signature");
    return {.heading = say("Signatures", "Signatures"),
            .fields = {{say("Liste visée (SHA-512)", "List approved (SHA-512)"), list_.digest()}},
            .table = {},
            .notes = {say(
                "Les archives publiques ne peuvent être éliminées qu'après le visa de l'administration "
                "des archives (Code du patrimoine, articles L212-2 et L214-3). Le bordereau visé est "
                "conservé sans limite de durée.",
                "In France, public archives may be destroyed only once the archives' administration has "
                "approved (Code du patrimoine, L212-2 and L214-3). The approved list is kept without "
                "limit.")},
            .boxes = {{say("Le responsable du service producteur", "For the producer"), below},
                      {say("Visa de la direction des archives", "Approval of the archives"), below}}};
  }

  // D11: never more than was done.
  std::string method(const catalog::Certificate& certificate) const {
    if (certificate.method != "unlink") return certificate.method;
    return say("suppression des fichiers (unlink) ; les supports n'ont pas été réécrits",
               "files removed (unlink); the media were not overwritten");
  }

  // D9.
  std::string state(const catalog::Certificate& certificate) const {
    if (certificate.state != "DESTROYED_LOCAL") return certificate.state;
    return say(
        "DESTROYED_LOCAL : éliminé dans cette archive ; les copies tenues ailleurs ne sont pas connues",
        "DESTROYED_LOCAL: destroyed in this archive; copies elsewhere are not known");
  }

  std::string visas_of(const catalog::Certificate& certificate) const {
    std::string text;
    for (const std::int64_t number : certificate.visas) {
      std::string word = fmt::format("{}", number);
      if (number <= static_cast<std::int64_t>(view_.record.visas.size())) {
        const catalog::Visa& visa = view_.record.visas[static_cast<std::size_t>(number) - 1];
        word += fmt::format(" ({}, {}, {})", visa.by.login, day(visa.day), signature_of(visa));
      }
      append(text, word, "; ");
    }
    return text;
  }

  PaperSection about_certificate(const catalog::Certificate& certificate) const {
    return {.heading = "",
            .fields = {{say("Archives", "Archive"), view_.owner},
                       {say("Service producteur", "Producer"), producers()},
                       {say("Éliminé le", "Destroyed on"), instant(certificate.when)},
                       {say("Exécuté par", "Executed by"), person(certificate.by)},
                       {say("Bordereau proposé le", "List proposed on"), instant(list_.made)},
                       {say("Visas", "Approvals"), visas_of(certificate)},
                       {say("Réunions éliminées", "Meetings destroyed"),
                        count_in(language_, static_cast<std::int64_t>(certificate.meetings.size()))},
                       {say("Volume", "Volume"), volume(certificate.bytes)},
                       {say("Méthode", "Method"), method(certificate)},
                       {say("État", "State"), state(certificate)}},
            .table = {},
            .notes = {},
            .boxes = {}};
  }

  PaperSection destroyed(const catalog::Certificate& certificate) const {
    PaperTable table{.columns = {{say("N°", "No."), true, 4},
                                 {say("Réunion", "Meeting"), false, 26},
                                 {say("Nature", "Kind"), false, 14},
                                 {say("Dates extrêmes", "Extreme dates"), false, 14},
                                 {say("DUA", "Retention period"), false, 16},
                                 {say("Règle", "Rule"), false, 14},
                                 {say("Volume", "Volume"), true, 12}},
                     .rows = {}};
    for (const std::string& meeting : certificate.meetings)
      if (const ListLine* line = list_.find(meeting))
        table.rows.push_back({fmt::format("{}", table.rows.size() + 1), meeting, line->record_class,
                              days_between(line->start_unix_ms, line->end_unix_ms), retention_period(*line),
                              line->rule, bytes_in(language_, line->bytes)});
    return {.heading = table.rows.empty() ? "" : say("Éliminé", "Destroyed"),
            .fields = {},
            .table = std::move(table),
            .notes = {},
            .boxes = {}};
  }

  PaperSection skipped(const catalog::Certificate& certificate) const {
    PaperTable table{.columns = {{say("N°", "No."), true, 4},
                                 {say("Réunion", "Meeting"), false, 30},
                                 {say("Code", "Code"), false, 22},
                                 {say("Raison", "Reason"), false, 44}},
                     .rows = {}};
    for (const catalog::SkippedLine& line : certificate.skipped)
      table.rows.push_back({fmt::format("{}", table.rows.size() + 1), line.meeting, line.code, line.why});
    return {.heading = say("Non éliminé", "Not destroyed"),
            .fields = {},
            .table = std::move(table),
            .notes = {},
            .boxes = {}};
  }

  // D10.
  PaperSection exports(const catalog::Certificate& certificate) const {
    PaperTable table{.columns = {{say("N°", "No."), true, 4},
                                 {say("Export", "Export"), false, 16},
                                 {say("Destinataire", "Recipient"), false, 20},
                                 {say("Date", "Date"), false, 10},
                                 {say("Réunions", "Meetings"), false, 24},
                                 {say("Empreinte", "Digest"), false, 26}},
                     .rows = {}};
    for (const catalog::CertifiedExport& made : certificate.exports)
      table.rows.push_back({fmt::format("{}", table.rows.size() + 1), made.id, made.recipient, made.date,
                            fmt::format("{}", fmt::join(made.meetings, ", ")), made.digest});
    PaperSection section{.heading = say("Remis à d'autres", "Handed to others"),
                         .fields = {},
                         .table = std::move(table),
                         .notes = {},
                         .boxes = {}};
    if (!certificate.exports.empty())
      section.notes = {say("Ces exports ne peuvent être repris : leurs destinataires sont à prévenir.",
                           "These exports cannot be recalled: their recipients are to be told.")};
    return section;
  }

  PaperSection evidence(const catalog::Certificate& certificate) const {
    return {
        .heading = say("Preuves", "Evidence"),
        .fields = {{say("Empreinte de la liste (SHA-512)", "Digest of the list (SHA-512)"),
                    certificate.list_sha512},
                   {say("Journal, entrées", "Journal, entries"),
                    fmt::format("{}{}{}", certificate.first_entry, Dash, certificate.last_entry)},
                   {say("Tête de l'arbre (SHA-256)", "Head of the tree (SHA-256)"), certificate.tree_head}},
        .table = {},
        .notes = {},
        .boxes = {}};
  }

  const DisposalView& view_;
  const catalog::DisposalList& list_;
  Language language_;
};

}  // namespace

Paper bordereau_of(const DisposalView& view, Language language) {
  return Writing(view, language).bordereau();
}

Paper certificate_of(const DisposalView& view, const catalog::Certificate& certificate, Language language) {
  return Writing(view, language).certificate(certificate);
}

}  // namespace greffe::custody
