// greffe-retain: rules, events and what follows from them for every meeting.
#include <array>
#include <chrono>

#include "catalog/connection.h"
#include "cli/command_line.h"
#include "cli/program.h"
#include "greffe-retain/verbs.h"

namespace greffe::retain_tool {
namespace {

constexpr std::array RulesVerbs{
    Verb{"add", "Stores rules as the next version", define_add, add_rules},
    Verb{"list", "All versions, and which is in force", define_list, list_rules},
    Verb{"show", "The rules of a version", define_show, show_rules},
    Verb{"diff", "What becomes due sooner or later under a version", define_diff, diff_rules},
    Verb{"activate", "Decides that a version is to be in force", define_activate, activate_rules},
    Verb{"lock", "From now on only what protects as much", define_lock, lock_rules},
};
constexpr std::array RequestVerbs{
    Verb{"add", "Records that somebody asks for their data to be erased", define_request_add, request_add},
    Verb{"list", "All requests, and by when they are to be answered", define_request_list, request_list},
    Verb{"show", "How far each of its meetings is", define_request_show, request_show},
    Verb{"answer", "Records what the person was told", define_request_answer, request_answer},
};
constexpr std::array Verbs{
    Verb{"event", "Records what happened to meetings", define_event, record_event},
    Verb{"plan", "What is due, when and why", define_plan, plan},
    Verb{"propose", "Makes a list of what is due and may go", define_propose, propose},
    Verb{"approve", "Accepts, refuses or defers lines of a list", define_approve, approve},
    Verb{"apply", "Moves what is approved into the trash", define_apply, apply},
    Verb{"restore", "Brings meetings back from the trash", define_restore, restore},
    Verb{"purge", "Destroys what was in the trash long enough", define_purge, purge},
    Verb{"proposals", "The lists there are, or one of them to read and sign", define_proposals, proposals},
    Verb{"certificate", "What was destroyed, and the proof of it", define_certificate, certificate},
};

template <std::size_t Count>
void define(cli::CommandLine& command, Options& options, const std::array<Verb, Count>& verbs) {
  for (const Verb& verb : verbs) verb.define(command.verb(verb.name, verb.summary), options);
}

template <std::size_t Count>
Result<int> run(const std::string& chosen, const Options& options, const std::array<Verb, Count>& verbs) {
  for (const Verb& verb : verbs)
    if (chosen == verb.name) return verb.run(options);
  return fail(ErrorKind::Usage, "no verb \"{}\"", chosen);
}

Result<int> main_of(int argc, char** argv) {
  Options options;
  cli::CommandLine command("greffe-retain", "Says what is kept, why, and until when.",
                           catalog::library_versions);
  command.archive_option(options.archive).lock_wait_option(options.acting.lock_wait);
  command.flag("--json", options.json, "One JSON object per line, each with its schema");
  cli::CommandLine& rules = command.verb("rules", "Versions of the rules");
  define(rules, options, RulesVerbs);
  cli::CommandLine& request = command.verb("request", "Requests for erasure");
  define(request, options, RequestVerbs);
  define(command, options, Verbs);
  if (const auto code = command.parse(argc, argv)) return *code;
  options.quiet = command.common().quiet;
  options.acting.actor = journal::actor_of_process(argc, argv);
  options.acting.now = WallTime(std::chrono::system_clock::now().time_since_epoch());
  const std::string verb = command.chosen_verb();
  if (verb == "rules") return run(rules.chosen_verb(), options, RulesVerbs);
  if (verb == "request") return run(request.chosen_verb(), options, RequestVerbs);
  return run(verb, options, Verbs);
}

}  // namespace
}  // namespace greffe::retain_tool

int main(int argc, char** argv) {
  return greffe::cli::run("greffe-retain", [&] { return greffe::retain_tool::main_of(argc, argv); });
}
