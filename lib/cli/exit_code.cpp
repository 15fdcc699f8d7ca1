#include "cli/exit_code.h"

#include "base/progress.h"

namespace greffe::cli {

int exit_code_of(const Error& error) {
  switch (error.kind()) {
    case ErrorKind::Failed: return Failed;
    case ErrorKind::Usage: return Usage;
    case ErrorKind::Damaged: return WithDamage;
    case ErrorKind::Refused: return Refused;
    case ErrorKind::Integrity: return Integrity;
    case ErrorKind::Busy: return Busy;
    case ErrorKind::NoArchive: return NoArchive;
    case ErrorKind::Interrupted: return 128 + stop_signal();
  }
  return Failed;
}

}  // namespace greffe::cli
