// greffe-catalog: makes an archive, and asks and corrects its catalog.
#include <chrono>
#include <functional>
#include <map>

#include "catalog/connection.h"
#include "cli/command_line.h"
#include "cli/program.h"
#include "greffe-catalog/verbs.h"

namespace {

using namespace greffe;
using catalog_tool::Options;

void define_reading(cli::CommandLine& command, Options& options) {
  const auto csv = [&](cli::CommandLine& verb) -> cli::CommandLine& {
    return verb.flag("--csv", options.csv, "Rows for a spreadsheet");
  };
  const auto limit = [&](cli::CommandLine& verb) -> cli::CommandLine& {
    return verb.option("--limit", options.limit, "N",
                       "At most so many, 0 for all; by default all, on a terminal 100");
  };
  limit(csv(command.verb("list", "Meetings, newest first")))
      .filter("--query", options.query, "QUERY", "Those it finds, see greffe-hold(1); @NAME: a saved one")
      .filter("--where", options.condition, "SQL", "Those it finds: a condition over v_meetings");
  command.verb("show", "One meeting with its participants, tracks, files and films")
      .argument("MEETING", options.meeting, "Its id, or a beginning of it that no other has");
  command.verb("why", "Why one meeting is kept: every rule, event, hold and day that took part")
      .argument("MEETING", options.meeting, "Its id, or a beginning of it that no other has")
      .option("--as-of", options.as_of, "DATE", "As it is on that day; by default today");
  csv(command.verb("stats", "How much there is, by class, state and year"))
      .option("--by", options.by, "WORDS", "Some of class,state,year: told apart by all of them at once")
      .option("--as-of", options.as_of, "DATE", "The states of that day; by default today");
  limit(csv(command.verb("search", "Finds what was said, newest meeting first")))
      .arguments("TEXT", options.phrases,
                 "Words that stand in a row in a cue; several TEXTs must all be found")
      .flag("--rank", options.by_rank, "The best match first");
  csv(command.verb("sql", "Runs one query that reads the catalog"))
      .argument("QUERY", options.sql, "SQL, as SQLite takes it; the views are in greffe-views(7)");
}

cli::CommandLine& define_queries(cli::CommandLine& command, Options& options) {
  cli::CommandLine& query = command.verb("query", "Queries that have a name, for --query @NAME");
  query.verb("save", "Gives a query a name, in the place of what had it")
      .argument("NAME", options.name, "Letters, digits, -, _ and .")
      .filter("--query", options.query, "QUERY", "As greffe-hold(1) explains")
      .filter("--where", options.condition, "SQL", "A condition over v_meetings");
  query.verb("list", "Those there are");
  query.verb("show", "What is saved under a name").argument("NAME", options.name, "Its name");
  query.verb("delete", "Gives up a name").argument("NAME", options.name, "Its name");
  return query;
}

void define_changing(cli::CommandLine& command, Options& options) {
  command.verb("init", "Makes an archive")
      .option("--owner", options.owner, "NAME", "Whose archive it is")
      .option("--time-zone", options.time_zone, "ZONE",
              "Where retention dates count, by default Europe/Paris");
  command.verb("edit", "Corrects the title, the names and the producers of a meeting")
      .argument("MEETING", options.meeting, "Its id, or a beginning of it that no other has")
      .option("--title", options.title, "TEXT", "The new title")
      .option("--name", options.names, "ID=NAME",
              "The new name of the participant ID; may be given several times")
      .option("--producer", options.producers, "NAME",
              "Whose records it is; may be given several times, takes the place of what was said; "
              "\"\": nobody's");
  command.verb("backup", "Copies the catalog to a new file and checks the copy")
      .argument("FILE", options.file, "The new file");
  command.verb("dump", "Prints all rows, as one JSON object per line");
  command.verb("load", "Makes the catalog from what dump printed, where there is none yet")
      .argument("FILE", options.file, "The dump; - is standard input");
  command.verb("rebuild", "Makes the catalog again from the meeting folders and the journal");
}

void define_proving(cli::CommandLine& command, Options& options) {
  command.verb("key", "Makes, lists and retires the keys that sign the journal")
      .argument("new|list|retire", options.action, "What to do")
      .argument("FILE|ID", options.key_or_id,
                "new: the file of the private key, made where it is not there; retire: the id of the key",
                false)
      .option("--key", options.key_file, "FILE", "The private key that signs so far; by default $GREFFE_KEY")
      .flag("--lost", options.current_is_lost, "new: without the key so far, which is lost");
  command.verb("checkpoint", "Signs the journal as it is now, and prints its head as one line")
      .option("--key", options.key_file, "FILE", "The private key; by default $GREFFE_KEY");
  command.verb("proof", "Prints the proof that an entry stands in the journal, without the others")
      .argument("SEQ", options.entry, "The number of the entry");
  command.verb("timestamp", "Time stamps (RFC 3161) over the newest checkpoint, through files")
      .argument("request|accept", options.action, "What to do")
      .argument("FILE", options.reply, "accept: the reply of the authority", false)
      .option("--ca", options.authorities, "FILE", "accept: the authorities that are trusted, in PEM")
      .option("--untrusted", options.untrusted, "FILE", "accept: certificates between, in PEM");
}

Result<int> run_verb(const std::string& verb, const Options& options, const cli::CommonOptions& common) {
  const std::map<std::string, std::function<Result<int>(const Options&)>> verbs{
      {"init", catalog_tool::init},
      {"list", catalog_tool::list},
      {"show", catalog_tool::show},
      {"why", catalog_tool::why},
      {"stats", catalog_tool::stats},
      {"search", catalog_tool::search},
      {"sql", catalog_tool::sql},
      {"query", catalog_tool::query},
      {"edit", catalog_tool::edit},
      {"backup", catalog_tool::back_up},
      {"dump", catalog_tool::dump},
      {"load", catalog_tool::load},
      {"key", catalog_tool::key},
      {"checkpoint", catalog_tool::checkpoint},
      {"timestamp", catalog_tool::timestamp},
      {"proof", catalog_tool::proof}};
  if (verb == "rebuild") return catalog_tool::rebuild(options, *cli::make_progress(common));
  return verbs.at(verb)(options);
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run("greffe-catalog", [&]() -> Result<int> {
    Options options;
    cli::CommandLine command("greffe-catalog", "Makes an archive, and asks and corrects its catalog.",
                             catalog::library_versions);
    command.archive_option(options.archive).lock_wait_option(options.lock_wait);
    command.flag("--json", options.json, "One JSON object per line, each with its schema");
    define_reading(command, options);
    const cli::CommandLine& queries = define_queries(command, options);
    define_changing(command, options);
    define_proving(command, options);
    if (const auto code = command.parse(argc, argv)) return *code;
    if (command.chosen_verb() == "query") options.action = queries.chosen_verb();
    options.quiet = command.common().quiet;
    options.actor = journal::actor_of_process(argc, argv);
    options.now = WallTime(std::chrono::system_clock::now().time_since_epoch());
    return run_verb(command.chosen_verb(), options, command.common());
  });
}
