// greffe-plan: decides the scenes of a meeting, as text one can read and edit.
#include <chrono>

#include "cli/exit_code.h"
#include "cli/program.h"
#include "film/compose.h"
#include "film/own_inputs.h"
#include "film/plan_meeting.h"
#include "film/preview_plan.h"
#include "flow/meeting_place.h"
#include "greffe-plan/explain.h"
#include "json/value.h"
#include "shared/plan_options.h"

namespace greffe {
namespace {

struct Options {
  std::string archive;
  std::string meeting;
  PlanWords plan;
  std::optional<std::string> output;
  std::optional<std::string> scenes;
  std::optional<std::string> preview;
  bool explain = false;
};

// The scenes as text where they were asked for.
Status write_plan(const layout::ScenePlan& plan, const Options& options) {
  const std::string text = json::write(layout::to_json(plan), json::Style::Indented) + "\n";
  if (options.output) GREFFE_CHECK(write_text_atomically(*options.output, text));
  if (options.explain)
    cli::print(explained(plan));
  else if (!options.output && !options.preview)
    cli::print(text);
  return {};
}

Status check_targets(const Options& options, const flow::MeetingPlace& place) {
  std::vector<Path> inputs = place.sources, targets;
  for (const auto& given : {options.scenes, options.plan.regions})
    if (given) inputs.emplace_back(*given);
  for (const auto& wanted : {options.output, options.preview})
    if (wanted) targets.emplace_back(*wanted);
  if (options.output && options.output == options.preview)
    return fail(ErrorKind::Usage, "{}: scenes and preview in one file", *options.output);
  return film::check_not_inputs(targets, inputs, place.folder.path);
}

Result<int> run(const Options& options, const cli::CommonOptions& common) {
  GREFFE_TRY(const layout::PlanOptions plan_options, plan_options_of(options.plan));
  const WallTime now(std::chrono::system_clock::now().time_since_epoch());
  const auto progress = cli::make_progress(common);
  DamageLog damage;
  GREFFE_TRY(const flow::MeetingPlace place,
             flow::find_meeting_place(options.meeting, options.archive, now, *progress, damage));
  GREFFE_CHECK(check_targets(options, place));
  GREFFE_TRY(const film::MeetingPlan planned,
             film::read_or_plan(options.scenes, place.folder, plan_options, film::Measure::Levels,
                                {0, *progress}, damage));
  const layout::ScenePlan& plan = planned.scenes;
  if (options.preview) {
    GREFFE_TRY(const auto png, film::preview_of(place.folder, plan, *progress, damage));
    GREFFE_CHECK(write_bytes_atomically(*options.preview, png));
  }
  GREFFE_CHECK(write_plan(plan, options));
  return cli::report_damage(damage);
}

}  // namespace
}  // namespace greffe

int main(int argc, char** argv) {
  using namespace greffe;
  Options options;
  cli::CommandLine command_line("greffe-plan", "Decides who is where in a meeting's film, and when",
                                film::compose_library_versions);
  command_line.archive_option(options.archive)
      .argument("MEETING", options.meeting, "An id or the start of one, a meeting folder, or a meeting.json");
  add_plan_options(command_line, options.plan);
  add_scenes_option(command_line, options.scenes,
                    "Check and show the scenes of this file instead of planning");
  command_line.flag("--explain", options.explain, "Print the scenes as a table, and how calm they are")
      .option("--preview", options.preview, "FILE.png", "Draw what each scene will look like on one sheet")
      .option("-o,--output", options.output, "FILE", "Write the scenes here, not to standard output")
      .footer(
          "Exit status: 0 done, 1 failed, 2 usage, 3 done with damage, 7 no archive.\n"
          "More in greffe-plan(1).");
  return cli::run("greffe-plan", [&]() -> Result<int> {
    if (const auto code = command_line.parse(argc, argv)) return *code;
    return cli::or_failed(run(options, command_line.common()));
  });
}
