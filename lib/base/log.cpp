#include "base/log.h"

#include <spdlog/sinks/stdout_sinks.h>
#include <spdlog/spdlog.h>

#include "base/text.h"

namespace greffe::log {
namespace {
spdlog::logger& logger() {
  static const auto made = [] {
    auto sink = spdlog::stderr_logger_mt("greffe");
    sink->set_pattern("%l: %v");
    return sink;
  }();
  return *made;
}
}  // namespace

void set_level(Level level) {
  logger().set_level(level == Level::Quiet     ? spdlog::level::err
                     : level == Level::Verbose ? spdlog::level::info
                                               : spdlog::level::warn);
}

// Text may come from the input, so control characters do not reach a terminal.
void write_info(std::string_view text) { logger().info("{}", printable(text)); }
void write_warning(std::string_view text) { logger().warn("{}", printable(text)); }
void write_error(std::string_view text) { logger().error("{}", printable(text)); }

}  // namespace greffe::log
