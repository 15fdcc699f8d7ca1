// The time stamps over checkpoints: those that are named must be there, those that are there must hold.
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "journal/check_journal.h"
#include "journal/checkpoint_folder.h"

namespace greffe::journal {

// A token that a checkpoint or an entry names by its digest.
struct NamedToken {
  fixity::Digest digest;
  std::string by;
};

struct TokenQuestion {
  const std::vector<TokenFile>& tokens;
  const std::vector<CheckpointFile>& checkpoints;
  const std::vector<NamedToken>& named;
  const std::optional<fixity::TimeStampTrust>& authorities;  // none: nothing is verified
  Path folder;                                               // journal/checkpoints
};

// Adds what it finds to `check`. Fails when a file of certificates cannot be read.
Status check_tokens(const TokenQuestion& question, JournalCheck& check);

}  // namespace greffe::journal
