// What a person may want to know while the program runs: stderr, never stdout.
#pragma once

#include <fmt/format.h>

#include <string_view>
#include <utility>

namespace greffe::log {

enum class Level { Quiet, Normal, Verbose };
void set_level(Level level);

void write_info(std::string_view text);
void write_warning(std::string_view text);
void write_error(std::string_view text);

// Shown with -v.
template <class... Args>
void info(fmt::format_string<Args...> text, Args&&... args) {
  write_info(fmt::format(text, std::forward<Args>(args)...));
}
// Shown unless -q.
template <class... Args>
void warning(fmt::format_string<Args...> text, Args&&... args) {
  write_warning(fmt::format(text, std::forward<Args>(args)...));
}
// Always shown.
template <class... Args>
void error(fmt::format_string<Args...> text, Args&&... args) {
  write_error(fmt::format(text, std::forward<Args>(args)...));
}

}  // namespace greffe::log
