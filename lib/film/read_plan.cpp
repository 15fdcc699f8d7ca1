#include "film/read_plan.h"

#include <algorithm>

#include "base/log.h"
#include "json/lines.h"
#include "layout/read_regions.h"
#include "layout/read_scenes.h"

namespace greffe::film {
namespace {

constexpr std::size_t MostMistakesTold = 100;

tl::unexpected<Error> fail_with_mistakes(const Path& file, std::string_view text,
                                         const std::vector<json::Mistake>& mistakes) {
  std::vector<std::string> places;
  for (const json::Mistake& mistake : mistakes) places.push_back(mistake.place);
  const auto lines = json::lines_of(text, places);
  std::vector<std::pair<int, const json::Mistake*>> sorted;
  for (const json::Mistake& mistake : mistakes) sorted.emplace_back(lines.at(mistake.place), &mistake);
  std::stable_sort(sorted.begin(), sorted.end(),
                   [](const auto& a, const auto& b) { return a.first < b.first; });
  std::string told =
      fmt::format("{}: {} mistake{}", file.string(), sorted.size(), sorted.size() > 1 ? "s" : "");
  for (std::size_t i = 0; i < std::min(sorted.size(), MostMistakesTold); ++i) {
    const auto& [line, mistake] = sorted[i];
    told += fmt::format("\n  line {}: {}: {}", line, mistake->place.empty() ? "document" : mistake->place,
                        mistake->why);
  }
  if (sorted.size() > MostMistakesTold)
    told += fmt::format("\n  and {} more", sorted.size() - MostMistakesTold);
  return fail("{}", told);
}

}  // namespace

Result<layout::ScenePlan> read_plan(const Path& file, const timeline::Meeting& meeting) {
  GREFFE_TRY(const std::string text, read_text(file, 64u << 20));
  const auto value = json::parse(text);
  if (!value) return fail_within(file.string(), value);
  layout::ScenesRead read = layout::read_scenes(*value);
  const auto more = layout::mistakes_of(read.plan, meeting);
  read.mistakes.insert(read.mistakes.end(), more.begin(), more.end());
  if (!read.mistakes.empty()) return fail_with_mistakes(file, text, read.mistakes);
  if (!read.plan.meeting.empty() && read.plan.meeting != meeting.id && read.plan.meeting != meeting.title)
    log::warning("{}: is of meeting {}, not of {}", file.string(), read.plan.meeting,
                 meeting.id.empty() ? meeting.title : meeting.id);
  return std::move(read.plan);
}

Status read_regions(const Path& file, bool size_given, layout::PlanOptions& options) {
  GREFFE_TRY(const std::string text, read_text(file, 1u << 20));
  const auto value = json::parse(text);
  if (!value) return fail_within(file.string(), value);
  layout::RegionsRead read = layout::read_regions(*value, {0, 0, options.width, options.height});
  if (!read.mistakes.empty()) return fail_with_mistakes(file, text, read.mistakes);
  options.layout = read.kind;
  options.regions = std::move(read.regions);
  if (!read.canvas) return {};
  if (size_given && (read.canvas->width != options.width || read.canvas->height != options.height))
    return fail(ErrorKind::Usage, "{} is for {}x{}, not {}x{}", file.string(), read.canvas->width,
                read.canvas->height, options.width, options.height);
  options.width = read.canvas->width;
  options.height = read.canvas->height;
  return {};
}

}  // namespace greffe::film
