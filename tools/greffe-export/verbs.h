// What greffe-export does: makes packages, checks them, and tells which were made.
#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "base/result.h"
#include "cli/command_line.h"
#include "custody/acting.h"

namespace greffe::export_tool {

// What every verb takes.
struct Options {
  std::string archive;
  bool json = false;
  custody::Acting acting;
  cli::CommonOptions common;
};

// A verb: how it looks on the command line, and what it does. Both see the same object, so that each keeps
// its own options to itself.
class Verb {
 public:
  virtual ~Verb() = default;
  // Empty for what the program does without a verb.
  virtual const char* name() const = 0;
  virtual void define(cli::CommandLine& command) = 0;
  // Returns the exit code.
  virtual Result<int> run(const Options& options) = 0;
};

std::unique_ptr<Verb> make_verb();
std::unique_ptr<Verb> check_verb();
std::unique_ptr<Verb> list_verb();

// The archive named by --archive or $GREFFE_ARCHIVE.
Result<catalog::Archive> open_archive(const Options& options);

}  // namespace greffe::export_tool
