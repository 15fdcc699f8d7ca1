// Flags, options and verbs of one program, the same habits in every tool (DESIGN 4).
#pragma once

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/library_version.h"
#include "base/result.h"

namespace greffe::cli {

// What every tool takes; filled by parse().
struct CommonOptions {
  bool quiet = false;
  bool verbose = false;
  std::string progress = "auto";  // auto, json, none
};

// Builds the command line and reads it. Targets must outlive parse(); what the user does not give keeps its
// value.
class CommandLine {
 public:
  // `program` is what the user types, "greffe-ingest"; `summary` is one sentence; `libraries`, where
  // there are any, are asked when --version is given.
  CommandLine(std::string program, std::string summary, std::function<LibraryVersions()> libraries);
  ~CommandLine();
  CommandLine(const CommandLine&) = delete;
  CommandLine& operator=(const CommandLine&) = delete;

  // `names` as in "-o,--output"; `value` names the argument in --help.
  CommandLine& flag(const std::string& names, bool& target, const std::string& help);
  CommandLine& option(const std::string& names, std::string& target, const std::string& value,
                      const std::string& help);
  CommandLine& option(const std::string& names, std::optional<std::string>& target, const std::string& value,
                      const std::string& help);
  CommandLine& option(const std::string& names, int& target, int least, int most, const std::string& value,
                      const std::string& help);
  // May be given several times.
  CommandLine& option(const std::string& names, std::vector<std::string>& target, const std::string& value,
                      const std::string& help);
  // What narrows the meetings that something is done to. An empty value is refused: it is a variable that was
  // not set, and would let all of them in.
  CommandLine& filter(const std::string& names, std::string& target, const std::string& value,
                      const std::string& help);
  CommandLine& filter(const std::string& names, std::vector<std::string>& target, const std::string& value,
                      const std::string& help);
  // One of a few words.
  CommandLine& choice(const std::string& names, std::string& target, const std::vector<std::string>& words,
                      const std::string& help);
  // An empty one is refused, as by filter().
  CommandLine& argument(const std::string& name, std::string& target, const std::string& help,
                        bool required = true);
  CommandLine& arguments(const std::string& name, std::vector<std::string>& target, const std::string& help,
                         bool required = true);
  // --archive DIR, by default $GREFFE_ARCHIVE.
  CommandLine& archive_option(std::string& target);
  // --lock-wait TIME, by default 30s.
  CommandLine& lock_wait_option(std::chrono::milliseconds& target);
  // `name` takes the place of what `others` say: given together with any of them it is a mistake, told as
  // `why`.
  CommandLine& not_with(const std::string& name, const std::vector<std::string>& others,
                        const std::string& why);
  // Text below the options of --help.
  CommandLine& footer(const std::string& text);

  // A verb of this program ("greffe-catalog list"); exactly one must be given where there are any.
  CommandLine& verb(const std::string& name, const std::string& summary);
  // None need be given: the program does something by itself, too. To be said behind the last verb.
  CommandLine& verbs_are_optional();
  // The verb given, empty when the program has none.
  std::string chosen_verb() const;

  // Reads the arguments and sets the log level. Returns the exit code when the program is to end here: after
  // --help, --version or a mistake, which is told on stderr.
  std::optional<int> parse(int argc, const char* const* argv);
  const CommonOptions& common() const;

 private:
  struct Parts;
  explicit CommandLine(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// "30", "30s", "500ms", "2min", "1h". Plain numbers are seconds.
Result<std::chrono::milliseconds> parse_duration(const std::string& text);
// "500000", "500k", "20M", "1G": above zero, by thousands.
Result<std::uint64_t> parse_bytes(const std::string& text);
// "1280x720".
Result<std::pair<int, int>> parse_size(const std::string& text);

}  // namespace greffe::cli
