// The verbs of greffe-retain: each takes what the user gave, does one thing, and prints its result.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "cli/command_line.h"
#include "custody/change_policy.h"

namespace greffe::retain_tool {

// Of propose, approve, apply, restore and purge.
struct DisposalOptions {
  bool all = false;
  std::string record_class, rule, note;
  std::optional<std::string> max_items, max_bytes;
  bool dry_run = false;

  std::string list;  // id, or the beginning of one
  std::string digest;
  bool accept_all = false;
  std::vector<std::string> accept, refuse, defer;
  std::string remark;
  std::optional<std::string> valid_until;
  std::string write_visa, visa, signature;  // files

  std::optional<std::string> apply;  // digest of what was simulated
  bool only_digest = false;
};

// Of proposals, certificate and request.
struct PaperOptions {
  std::string list;    // id, or the beginning of one
  std::string number;  // of a certificate or a request
  std::string format = "text", language = "en", output;
  bool letter = false;
  bool notice = false;
  std::string exported;  // certificate --notice: id of an export
  std::string reference, note, outcome;
  std::optional<std::string> received;
};

// What the command line says; each verb looks at its own part.
struct Options {
  std::string archive;
  bool json = false;
  bool quiet = false;
  custody::Acting acting;

  std::string file;     // rules add; - is standard input
  std::string version;  // rules show, diff, activate, lock
  std::optional<std::string> against;
  std::string diff;    // rules activate: digest
  std::string reason;  // rules activate, lock
  std::string clock_jump;

  std::string event;  // type
  std::vector<std::string> meetings;
  std::string query;
  std::optional<std::string> on;
  std::string evidence;
  std::optional<std::string> supersedes, withdraws;

  std::optional<std::string> as_of;  // plan
  bool pending = false;
  bool due = false;
  bool save = false;

  DisposalOptions disposal;
  PaperOptions paper;
};

// One verb: its options, and what it does. All run functions return the exit code of success.
struct Verb {
  const char* name;
  const char* summary;
  void (*define)(cli::CommandLine& command, Options& options);
  Result<int> (*run)(const Options& options);
};

void define_add(cli::CommandLine& command, Options& options);
void define_list(cli::CommandLine& command, Options& options);
void define_show(cli::CommandLine& command, Options& options);
void define_diff(cli::CommandLine& command, Options& options);
void define_activate(cli::CommandLine& command, Options& options);
void define_lock(cli::CommandLine& command, Options& options);
void define_event(cli::CommandLine& command, Options& options);
void define_plan(cli::CommandLine& command, Options& options);
void define_propose(cli::CommandLine& command, Options& options);
void define_approve(cli::CommandLine& command, Options& options);
void define_apply(cli::CommandLine& command, Options& options);
void define_restore(cli::CommandLine& command, Options& options);
void define_purge(cli::CommandLine& command, Options& options);
void define_proposals(cli::CommandLine& command, Options& options);
void define_certificate(cli::CommandLine& command, Options& options);
void define_request_add(cli::CommandLine& command, Options& options);
void define_request_list(cli::CommandLine& command, Options& options);
void define_request_show(cli::CommandLine& command, Options& options);
void define_request_answer(cli::CommandLine& command, Options& options);

Result<int> add_rules(const Options& options);
Result<int> list_rules(const Options& options);
Result<int> show_rules(const Options& options);
Result<int> diff_rules(const Options& options);
Result<int> activate_rules(const Options& options);
Result<int> lock_rules(const Options& options);
Result<int> record_event(const Options& options);
Result<int> plan(const Options& options);
Result<int> propose(const Options& options);
Result<int> approve(const Options& options);
Result<int> apply(const Options& options);
Result<int> restore(const Options& options);
Result<int> purge(const Options& options);
Result<int> proposals(const Options& options);
Result<int> certificate(const Options& options);
Result<int> request_add(const Options& options);
Result<int> request_list(const Options& options);
Result<int> request_show(const Options& options);
Result<int> request_answer(const Options& options);

// An archive with its catalog and policy, for reading.
struct OpenArchive {
  catalog::Archive archive;
  catalog::Catalog catalog;
  TimeZone zone;
  CivilDate today;  // there, in the policy zone
};
Result<OpenArchive> open_archive(const Options& options);
// The archive alone.
Result<catalog::Archive> find_archive(const Options& options);

// The end of what added to policy/: where there is a key, the journal is signed (A3).
Result<int> signed_done(const catalog::Archive& archive, const Options& options);

// "3". ErrorKind::Usage for what is no number from 1.
Result<std::int64_t> parse_number(const std::string& name, const std::string& text);
// A day as given with --NAME.
Result<CivilDate> parse_day(const std::string& name, const std::string& text);
json::Value day_json(std::optional<CivilDate> date);
std::string day_text(std::optional<CivilDate> date);  // "-" for none

}  // namespace greffe::retain_tool
