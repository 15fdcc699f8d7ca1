#include "cli/command_line.h"

#include <CLI/CLI.hpp>
#include <charconv>
#include <cstdlib>
#include <iostream>

#include "base/log.h"
#include "cli/exit_code.h"

namespace greffe::cli {

struct CommandLine::Parts {
  std::unique_ptr<CLI::App> own;  // null for verbs, whose App belongs to the program's
  CLI::App* app = nullptr;
  CommonOptions common;
  std::vector<std::unique_ptr<CommandLine>> verbs;
  std::vector<std::function<void()>> conflicts;  // that throw what CLI11 tells
};

namespace {

std::string version_text(const std::string& program, const LibraryVersions& libraries) {
  std::string text = fmt::format("{} {}", program, GREFFE_VERSION);
  for (const LibraryVersion& library : libraries)
    text += fmt::format("\n  {} {}", library.name, library.version);
  return text;
}

std::string not_empty(const std::string& value) { return value.empty() ? "is empty" : ""; }

}  // namespace

CommandLine::CommandLine(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
CommandLine::~CommandLine() = default;

CommandLine::CommandLine(std::string program, std::string summary, std::function<LibraryVersions()> libraries)
    : parts_(std::make_unique<Parts>()) {
  parts_->own = std::make_unique<CLI::App>(summary, program);
  parts_->app = parts_->own.get();
  CLI::App& app = *parts_->app;
  app.get_formatter()->column_width(34);
  app.set_version_flag(
      "--version",
      [program, libraries] { return version_text(program, libraries ? libraries() : LibraryVersions()); },
      "Show the version and those of the libraries");
  app.add_flag("-q,--quiet", parts_->common.quiet, "Say nothing but errors");
  app.add_flag("-v,--verbose", parts_->common.verbose, "Say more");
  app.add_option("--progress", parts_->common.progress,
                 "Progress on stderr: auto (a bar on a terminal), json (one object per line) or none")
      ->option_text("MODE")
      ->check(CLI::IsMember({"auto", "json", "none"}));
}

CommandLine& CommandLine::flag(const std::string& names, bool& target, const std::string& help) {
  parts_->app->add_flag(names, target, help);
  return *this;
}

CommandLine& CommandLine::option(const std::string& names, std::string& target, const std::string& value,
                                 const std::string& help) {
  parts_->app->add_option(names, target, help)->option_text(value);
  return *this;
}

CommandLine& CommandLine::option(const std::string& names, std::optional<std::string>& target,
                                 const std::string& value, const std::string& help) {
  parts_->app
      ->add_option_function<std::string>(
          names, [&target](const std::string& given) { target = given; }, help)
      ->option_text(value);
  return *this;
}

CommandLine& CommandLine::option(const std::string& names, int& target, int least, int most,
                                 const std::string& value, const std::string& help) {
  parts_->app->add_option(names, target, help)->option_text(value)->check(CLI::Range(least, most));
  return *this;
}

CommandLine& CommandLine::option(const std::string& names, std::vector<std::string>& target,
                                 const std::string& value, const std::string& help) {
  parts_->app->add_option(names, target, help)->option_text(value)->allow_extra_args(false);
  return *this;
}

CommandLine& CommandLine::filter(const std::string& names, std::string& target, const std::string& value,
                                 const std::string& help) {
  option(names, target, value, help);
  parts_->app->get_option(names)->check(not_empty);
  return *this;
}

CommandLine& CommandLine::filter(const std::string& names, std::vector<std::string>& target,
                                 const std::string& value, const std::string& help) {
  option(names, target, value, help);
  parts_->app->get_option(names)->check(not_empty);
  return *this;
}

CommandLine& CommandLine::choice(const std::string& names, std::string& target,
                                 const std::vector<std::string>& words, const std::string& help) {
  parts_->app->add_option(names, target, help)
      ->option_text(fmt::format("{}", fmt::join(words, "|")))
      ->check(CLI::IsMember(words));
  return *this;
}

CommandLine& CommandLine::argument(const std::string& name, std::string& target, const std::string& help,
                                   bool required) {
  parts_->app->add_option(name, target, help)->option_text(" ")->required(required)->check(not_empty);
  return *this;
}

CommandLine& CommandLine::arguments(const std::string& name, std::vector<std::string>& target,
                                    const std::string& help, bool required) {
  parts_->app->add_option(name, target, help)->option_text("...")->required(required);
  return *this;
}

CommandLine& CommandLine::archive_option(std::string& target) {
  if (const char* from_environment = std::getenv("GREFFE_ARCHIVE")) target = from_environment;
  return option("--archive", target, "DIR", "The archive; by default $GREFFE_ARCHIVE");
}

CommandLine& CommandLine::lock_wait_option(std::chrono::milliseconds& target) {
  target = std::chrono::seconds(30);
  const auto read = [&target](const std::string& text) {
    const auto duration = parse_duration(text);
    if (!duration) throw CLI::ValidationError("--lock-wait", duration.error().message());
    target = *duration;
  };
  parts_->app
      ->add_option_function<std::string>("--lock-wait", read,
                                         "How long to wait for another writer, by default 30s")
      ->option_text("TIME");
  return *this;
}

CommandLine& CommandLine::not_with(const std::string& name, const std::vector<std::string>& others,
                                   const std::string& why) {
  parts_->conflicts.push_back([app = parts_->app, name, others, why] {
    if (app->get_option(name)->count() == 0) return;
    for (const std::string& other : others)
      if (app->get_option(other)->count() > 0) throw CLI::ValidationError(other, why);
  });
  parts_->app->parse_complete_callback([checks = parts_->conflicts] {
    for (const auto& check : checks) check();
  });
  return *this;
}

CommandLine& CommandLine::footer(const std::string& text) {
  parts_->app->footer(text);
  return *this;
}

CommandLine& CommandLine::verb(const std::string& name, const std::string& summary) {
  auto parts = std::make_unique<Parts>();
  parts->app = parts_->app->add_subcommand(name, summary);
  parts->app->fallthrough();
  parts_->app->require_subcommand(1);
  parts_->verbs.push_back(std::unique_ptr<CommandLine>(new CommandLine(std::move(parts))));
  return *parts_->verbs.back();
}

CommandLine& CommandLine::verbs_are_optional() {
  parts_->app->require_subcommand(0, 1);
  return *this;
}

std::string CommandLine::chosen_verb() const {
  const auto chosen = parts_->app->get_subcommands();
  return chosen.empty() ? "" : chosen.front()->get_name();
}

std::optional<int> CommandLine::parse(int argc, const char* const* argv) {
  try {
    parts_->app->parse(argc, argv);
  } catch (const CLI::ParseError& problem) {
    // --help and --version come here too, with exit code 0.
    return parts_->app->exit(problem, std::cout, std::cerr) == 0 ? Done : Usage;
  }
  const CommonOptions& common = parts_->common;
  log::set_level(common.quiet     ? log::Level::Quiet
                 : common.verbose ? log::Level::Verbose
                                  : log::Level::Normal);
  return std::nullopt;
}

const CommonOptions& CommandLine::common() const { return parts_->common; }

Result<std::chrono::milliseconds> parse_duration(const std::string& text) {
  double number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const double factor = unit == "ms"                   ? 1
                        : unit.empty() || unit == "s"  ? 1e3
                        : unit == "min" || unit == "m" ? 6e4
                        : unit == "h"                  ? 36e5
                                                       : 0;
  const bool in_range = number >= 0 && number * factor <= 1e12;  // "nan" is a number for from_chars
  if (error != std::errc() || factor == 0 || !in_range)
    return fail(ErrorKind::Usage, "\"{}\" is not a time such as 30s, 500ms or 2min", text);
  return std::chrono::milliseconds(static_cast<std::int64_t>(number * factor));
}

Result<std::uint64_t> parse_bytes(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  const std::uint64_t factor = unit.empty()                 ? 1
                               : unit == "k" || unit == "K" ? 1'000
                               : unit == "M"                ? 1'000'000
                               : unit == "G"                ? 1'000'000'000
                                                            : 0;
  if (error != std::errc() || factor == 0 || number == 0 || number > 1'000'000'000'000'000 / factor)
    return fail(ErrorKind::Usage, "\"{}\" is not a size such as 500k, 20M or 1G", text);
  return number * factor;
}

Result<std::pair<int, int>> parse_size(const std::string& text) {
  int width = 0, height = 0;
  const char* const last = text.data() + text.size();
  const auto first = std::from_chars(text.data(), last, width);
  const bool parted =
      first.ec == std::errc() && first.ptr != last && (*first.ptr == 'x' || *first.ptr == 'X');
  const auto second = parted ? std::from_chars(first.ptr + 1, last, height) : first;
  if (!parted || second.ec != std::errc() || second.ptr != last || width <= 0 || height <= 0)
    return fail(ErrorKind::Usage, "\"{}\" is not a size such as 1280x720", text);
  return std::pair(width, height);
}

}  // namespace greffe::cli
