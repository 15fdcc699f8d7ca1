// The frame of every tool: signals, closed descriptors, exit codes, one message per failure.
#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "base/damage_log.h"
#include "base/progress.h"
#include "base/result.h"
#include "cli/command_line.h"

namespace greffe::cli {

// Prepares the process, runs `work`, prints its failure once and turns it into the exit code. `work` returns
// the exit code of success (0 or 3). To be returned from main.
int run(const char* program, const std::function<Result<int>()>& work);
// Of a program that makes one thing: where that is refused, nothing was made, and 3 ("done") would lie.
Result<int> or_failed(Result<int> made);

// `code` as the process ends with it: otherwise where standard output could not be written. run() does so.
int exit_code_after_flush(int code);

// Writes results to standard output. False once nobody reads it any more or it cannot be written: the caller
// then stops, and run() gives the exit code.
bool print(std::string_view text);

// Writes to standard error what is no result. Where that cannot be written, nobody can be told of it, and the
// work goes on.
void tell(std::string_view text);

// The bar, the JSON lines or nothing, as the options and the terminal say. Takes itself off the screen at its
// end.
std::unique_ptr<ProgressSink> make_progress(const CommonOptions& options);

// The damage as lines on stderr (unless quiet), one per condition and place. Returns WithDamage or
// Done; Refused when a hold could not be asked.
int report_damage(const DamageLog& damage);

}  // namespace greffe::cli
