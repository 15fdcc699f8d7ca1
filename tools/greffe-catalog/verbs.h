// The verbs of greffe-catalog: each takes what the user gave, does one thing, and prints its result.
#pragma once

#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/progress.h"
#include "base/result.h"
#include "catalog/archive.h"
#include "catalog/catalog.h"
#include "catalog/meeting_matches.h"
#include "custody/acting.h"
#include "journal/entry.h"
#include "json/value.h"
#include "units/civil_date.h"
#include "units/time.h"

namespace greffe::catalog_tool {

// What the command line says; each verb looks at its own part.
struct Options {
  std::string archive;
  bool json = false;
  bool csv = false;
  bool quiet = false;
  std::chrono::milliseconds lock_wait{};
  journal::Actor actor;
  WallTime now{};

  std::string owner;
  std::string time_zone = "Europe/Paris";
  std::string meeting;               // show, why, edit
  std::optional<std::string> as_of;  // why, stats
  std::optional<std::string> by;     // stats
  std::optional<std::string> limit;  // list, search
  std::string query, condition;      // list, query save
  std::string name;                  // query
  std::vector<std::string> phrases;  // search
  bool by_rank = false;
  std::string sql;
  std::optional<std::string> title;    // edit
  std::vector<std::string> names;      // edit: ID=NAME
  std::vector<std::string> producers;  // edit
  std::string file;                    // backup, load

  std::string action;                   // key, timestamp, query: what to do
  std::string key_or_id;                // key new: the file; key retire: the id
  std::optional<std::string> key_file;  // of the private key; by default $GREFFE_KEY
  bool current_is_lost = false;
  std::string reply;  // timestamp accept
  std::string entry;  // proof: its number
  std::optional<std::string> authorities, untrusted;
};

// All return the exit code of success.
Result<int> init(const Options& options);
Result<int> list(const Options& options);
Result<int> show(const Options& options);
Result<int> why(const Options& options);
Result<int> stats(const Options& options);
Result<int> search(const Options& options);
Result<int> sql(const Options& options);
Result<int> query(const Options& options);
Result<int> edit(const Options& options);
Result<int> back_up(const Options& options);
Result<int> dump(const Options& options);
Result<int> load(const Options& options);
Result<int> rebuild(const Options& options, ProgressSink& progress);
Result<int> key(const Options& options);
Result<int> checkpoint(const Options& options);
Result<int> timestamp(const Options& options);
Result<int> proof(const Options& options);

// The archive named by --archive or $GREFFE_ARCHIVE.
Result<catalog::Archive> open_archive(const Options& options);
// Which meetings --query or --where name; all where neither is given.
Result<catalog::MeetingScope> scope_of(const catalog::Archive& archive, const Options& options);
// The day that --as-of names, today by default, in the policy zone of the archive.
Result<CivilDate> as_of_day(const catalog::Archive& archive, const Options& options);
// Its catalog, for reading only.
Result<catalog::Catalog> open_catalog(const Options& options);

custody::Acting acting_of(const Options& options);
// A time within a meeting, for people.
std::string clock_of(std::int64_t ms);
// Text of others on one line of a terminal.
std::string one_line(std::string_view text);
// What is told of a meeting wherever it is told of.
json::Object meeting_json(const catalog::MeetingRow& row);

}  // namespace greffe::catalog_tool
