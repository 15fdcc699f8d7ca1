// Bad news that is a value: a Result is either what was asked for or an Error.
//
// `base` and `units` are the vocabulary of every room, so their names stand directly in `greffe`.
#pragma once

#include <fmt/format.h>

#include <string>
#include <tl/expected.hpp>
#include <utility>

namespace greffe {

// What a failure means to whoever started the program; `cli/exit_code.h` maps it to DESIGN.md 4.
enum class ErrorKind {
  Failed,       // content of a file, or the machine; nothing changed
  Usage,        // command line, unknown or ambiguous id
  Damaged,      // the item at hand is refused, the rest of the work may go on
  Refused,      // by a hold, a rule, a threshold
  Integrity,    // a digest or a chain does not hold
  Busy,         // another writer holds the lock
  NoArchive,    // no archive there, or a newer one
  Interrupted,  // a signal asked us to stop
};

// Why nothing true could be produced. The message says what was being done, to what, and why it failed.
class Error {
 public:
  explicit Error(std::string message, ErrorKind kind = ErrorKind::Failed)
      : message_(std::move(message)), kind_(kind) {}

  const std::string& message() const { return message_; }
  ErrorKind kind() const { return kind_; }

  // The same error seen from further up: "context: message".
  Error within(std::string_view context) const {
    return Error(fmt::format("{}: {}", context, message_), kind_);
  }

 private:
  std::string message_;
  ErrorKind kind_;
};

template <class T>
using Result = tl::expected<T, Error>;
using Status = Result<void>;

template <class... Args>
tl::unexpected<Error> fail(fmt::format_string<Args...> text, Args&&... args) {
  return tl::unexpected(Error(fmt::format(text, std::forward<Args>(args)...)));
}
template <class... Args>
tl::unexpected<Error> fail(ErrorKind kind, fmt::format_string<Args...> text, Args&&... args) {
  return tl::unexpected(Error(fmt::format(text, std::forward<Args>(args)...), kind));
}
// Passes a failure up, said from further up.
template <class T>
tl::unexpected<Error> fail_within(std::string_view context, const Result<T>& failed) {
  return tl::unexpected(failed.error().within(context));
}
// A failure that stops all work: any but one of the item at hand, which is refused (ErrorKind::Damaged).
template <class T>
Status unless_damaged(const Result<T>& result) {
  if (result || result.error().kind() == ErrorKind::Damaged) return {};
  return tl::unexpected(result.error());
}
// "what: No such file or directory", from the current errno.
tl::unexpected<Error> fail_errno(std::string_view what);

}  // namespace greffe

#define GREFFE_JOIN_(a, b) a##b
#define GREFFE_JOIN(a, b) GREFFE_JOIN_(a, b)
// GREFFE_TRY(auto size, read_size(file)); declares `size`, or returns the failure from this function.
#define GREFFE_TRY(declaration, expression) \
  GREFFE_TRY_AS_(declaration, expression, GREFFE_JOIN(try_, __LINE__))
#define GREFFE_TRY_AS_(declaration, expression, name)        \
  auto name = (expression);                                  \
  if (!name) return tl::unexpected(std::move(name).error()); \
  declaration = std::move(*name)
// GREFFE_CHECK(file.write(bytes)); returns the failure from this function.
#define GREFFE_CHECK(expression)                                                                     \
  do {                                                                                               \
    if (auto checked_ = (expression); !checked_) return tl::unexpected(std::move(checked_).error()); \
  } while (false)
