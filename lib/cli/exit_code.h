// The exit codes of DESIGN.md 4, in one place.
#pragma once

#include "base/result.h"

namespace greffe::cli {

enum ExitCode : int {
  Done = 0,
  Failed = 1,
  Usage = 2,
  WithDamage = 3,  // done, with damage or skipped items: see the report
  Refused = 4,
  Integrity = 5,
  Busy = 6,
  NoArchive = 7,
  ClosedPipe = 141,
};

// The code a failure ends the program with. Interrupted: 128 and the number of the signal that came.
int exit_code_of(const Error& error);

}  // namespace greffe::cli
