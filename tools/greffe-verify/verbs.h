// The verbs of greffe-verify: each reads, changes nothing of what it verifies, and says what does not
// hold.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "catalog/archive.h"
#include "cli/command_line.h"
#include "units/time.h"

namespace greffe::verify_tool {

// What every verb takes.
struct Options {
  std::string archive;
  bool json = false;
  WallTime now{};  // or --as-of
  cli::CommonOptions common;
};

// A verb: how it looks on the command line, and what it does. Both see the same object, so that each keeps
// its own options to itself.
class Verb {
 public:
  virtual ~Verb() = default;
  virtual const char* name() const = 0;
  virtual void define(cli::CommandLine& command) = 0;
  // Returns the exit code: Done, Integrity when something does not hold, or WithDamage when something could
  // not be looked at.
  virtual Result<int> run(const Options& options) = 0;
};

std::unique_ptr<Verb> files_verb();
std::unique_ptr<Verb> journal_verb();
std::unique_ptr<Verb> catalog_verb();
std::unique_ptr<Verb> proof_verb();
std::unique_ptr<Verb> render_verb();

// The archive named by --archive or $GREFFE_ARCHIVE.
Result<catalog::Archive> open_archive(const Options& options);

}  // namespace greffe::verify_tool
