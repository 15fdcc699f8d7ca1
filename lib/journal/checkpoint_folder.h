// journal/checkpoints/: each checkpoint with the request for a time stamp over it and the reply, written
// once.
//
//   SIZE-TIME.checkpoint   the signed note; SIZE has 12 digits, TIME is UTC, so names sort as they were made
//   SIZE-TIME.tsq          RFC 3161 request over the bytes of the .checkpoint file
//   SIZE-TIME.tsr          the reply, called token
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "base/file.h"
#include "journal/checkpoint.h"

namespace greffe::journal {

inline constexpr const char* CheckpointSuffix = ".checkpoint";
inline constexpr const char* RequestSuffix = ".tsq";
inline constexpr const char* TokenSuffix = ".tsr";
constexpr std::uint64_t LargestToken = 1u << 20;

// "000000001234-20261120T100000.000Z".
std::string checkpoint_name(const Checkpoint& checkpoint);

// A checkpoint file as it was found.
struct CheckpointFile {
  std::string name;  // without suffix
  std::string text;  // all bytes
  std::optional<SignedCheckpoint> read;
  std::string problem;  // why it could not be read; empty when it could
};

// All checkpoints, oldest first. A missing folder has none; files of other names are left alone.
Result<std::vector<CheckpointFile>> checkpoints_in(const Path& folder);

struct TokenFile {
  std::string name;  // without suffix
  std::string reply;
  fixity::Digest digest;
};
// All tokens, in the order of their checkpoints.
Result<std::vector<TokenFile>> tokens_in(const Path& folder);

}  // namespace greffe::journal
