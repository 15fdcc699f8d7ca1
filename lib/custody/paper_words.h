// Days, spans and amounts as people of a language write them on paper.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "retention/disposal.h"
#include "retention/rule.h"
#include "units/time_zone.h"

namespace greffe::custody {

enum class Language : std::uint8_t { French, English };
std::string_view code_of(Language language);                   // "fr", "en"
std::optional<Language> find_language(std::string_view code);  // nullopt when unknown

// One of two texts, by language.
constexpr std::string_view in(Language language, std::string_view french, std::string_view english) {
  return language == Language::French ? french : english;
}

std::string day_in(Language language, CivilDate day);  // "20/11/2026", "2026-11-20"
// Day and time of day, in that zone.
std::string instant_in(Language language, WallTime time, const TimeZone& zone);
std::string period_in(Language language, const std::optional<Period>& period);  // "5 ans", "5 years"
std::string bytes_in(Language language, std::int64_t bytes);                    // "12,3 Mo", "12.3 MB"
std::string count_in(Language language, std::int64_t count);                    // "1 234 567", "1,234,567"
std::string_view action_in(Language language, retention::FinalAction action);
std::string_view verdict_in(Language language, retention::Verdict verdict);
std::string_view state_in(Language language, retention::LineState state);

}  // namespace greffe::custody
