#include "custody/paper_words.h"

#include <array>

namespace greffe::custody {
namespace {

using retention::FinalAction;
using retention::LineState;
using retention::Verdict;

constexpr std::string_view ThinBlank = "\u202f";  // between groups of figures, and before a colon

std::string amount(int count, std::string_view one, std::string_view many) {
  return fmt::format("{} {}", count, count == 1 ? one : many);
}

void join(std::string& text, std::string part) { text += (text.empty() ? "" : " ") + std::move(part); }

}  // namespace

std::string_view code_of(Language language) { return in(language, "fr", "en"); }

std::optional<Language> find_language(std::string_view code) {
  for (const Language language : {Language::French, Language::English})
    if (code_of(language) == code) return language;
  return std::nullopt;
}

std::string day_in(Language language, CivilDate day) {
  if (language == Language::English) return text_of(day);
  return fmt::format("{:02}/{:02}/{:04}", static_cast<unsigned>(day.day()),
                     static_cast<unsigned>(day.month()), static_cast<int>(day.year()));
}

std::string instant_in(Language language, WallTime time, const TimeZone& zone) {
  const std::string clock = zone.clock_of(time);
  return fmt::format("{} {} ({})", day_in(language, zone.date_of(time)), clock.substr(clock.find(' ') + 1),
                     zone.name());
}

std::string period_in(Language language, const std::optional<Period>& period) {
  if (!period) return std::string(in(language, "illimitée", "forever"));
  const bool french = language == Language::French;
  const int years = period->months / 12, months = period->months % 12;
  std::string text;
  if (years > 0) join(text, amount(years, french ? "an" : "year", french ? "ans" : "years"));
  if (months > 0) join(text, amount(months, french ? "mois" : "month", french ? "mois" : "months"));
  if (period->days > 0 || text.empty())
    join(text, french ? fmt::format("{} {}", period->days, period->days < 2 ? "jour" : "jours")
                      : amount(period->days, "day", "days"));
  return text;
}

std::string bytes_in(Language language, std::int64_t bytes) {
  constexpr std::array<const char*, 6> French{"octets", "ko", "Mo", "Go", "To", "Po"};
  constexpr std::array<const char*, 6> English{"bytes", "kB", "MB", "GB", "TB", "PB"};
  const bool french = language == Language::French;
  const auto& units = french ? French : English;
  std::size_t unit = 0;
  double amount = static_cast<double>(bytes);
  // 999.5 would be written as 1000.
  for (; amount >= 999.5 && unit + 1 < units.size(); ++unit) amount /= 1000;
  std::string text = fmt::format("{:.{}f}", amount, unit > 0 && amount < 99.95 ? 1 : 0);
  if (const auto point = text.find('.'); french && point != std::string::npos) text[point] = ',';
  return text + " " + units.at(unit);
}

std::string count_in(Language language, std::int64_t count) {
  std::string text = fmt::format("{}", count);
  const std::string_view mark = language == Language::French ? ThinBlank : ",";
  for (std::size_t place = text.size(); place > 3 + (count < 0 ? 1u : 0u);) text.insert(place -= 3, mark);
  return text;
}

std::string_view action_in(Language language, FinalAction action) {
  switch (action) {
    case FinalAction::Keep: return in(language, "conserver (C)", "keep");
    case FinalAction::Review: return in(language, "trier (T)", "review");
    case FinalAction::Destroy: break;
  }
  return in(language, "éliminer (D)", "destroy");
}

std::string_view verdict_in(Language language, Verdict verdict) {
  switch (verdict) {
    case Verdict::Accept: return in(language, "accepté", "accepted");
    case Verdict::Refuse: return in(language, "refusé", "refused");
    case Verdict::Defer: break;
  }
  return in(language, "ajourné", "deferred");
}

std::string_view state_in(Language language, LineState state) {
  switch (state) {
    case LineState::Proposed: return in(language, "proposé", "proposed");
    case LineState::Approved: return in(language, "approuvé", "approved");
    case LineState::Refused: return in(language, "refusé", "refused");
    case LineState::Deferred: return in(language, "ajourné", "deferred");
    case LineState::Expired: return in(language, "périmé", "expired");
    case LineState::Cancelled: return in(language, "annulé par un gel", "cancelled by a hold");
    case LineState::InGrace: return in(language, "en corbeille", "in the trash");
    case LineState::Restored: return in(language, "restauré", "restored");
    case LineState::DestroyedElsewhere:
      return in(language, "éliminé par un autre bordereau", "destroyed through another list");
    case LineState::Destroyed: break;
  }
  return in(language, "éliminé", "destroyed");
}

}  // namespace greffe::custody
