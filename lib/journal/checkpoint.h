// A checkpoint (C2SP tlog-checkpoint): how long the journal is and the root of its tree, to be signed,
// stamped and kept elsewhere.
//
//   greffe-journal/ARCHIVE-ID       the origin
//   1234                            entries
//   BASE64(root)                    of the Merkle tree over them (RFC 9162 §2.1.1)
//   time 2026-11-20T10:00:00.000Z   extension lines of ours
//   token-sha256 HEX                digest of the newest time stamp before this
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

#include "fixity/digest.h"
#include "fixity/signed_note.h"
#include "units/time.h"

namespace greffe::journal {

// The origin of an archive's checkpoints and the name of its keys.
std::string origin_of(std::string_view archive_id);

struct Checkpoint {
  std::string origin;
  std::int64_t size = 0;
  fixity::Digest root;
  std::optional<WallTime> time;         // milliseconds are kept
  std::optional<fixity::Digest> token;  // of a reply of a time stamping authority
  bool operator==(const Checkpoint&) const = default;

  // The text of the note, unsigned.
  std::string text() const;
  // Extension lines it does not know are passed over.
  static Result<Checkpoint> parse(std::string_view text);
};

// The head of a journal as somebody outside knows it.
struct KnownHead {
  std::string origin;
  std::int64_t size = 0;
  fixity::Digest root;
  std::string place;  // where it was read, for messages
  bool operator==(const KnownHead&) const = default;
};

// "greffe-journal/ARCHIVE-ID 1234 ROOT-IN-HEX": short enough for paper or a mail.
std::string head_line(const Checkpoint& checkpoint);
// From such a line, or from the text of a checkpoint, signed or not: who gives it vouches for it.
Result<KnownHead> head_of_text(std::string_view text, std::string place);

// A checkpoint with its signatures, as it lies in journal/checkpoints/.
struct SignedCheckpoint {
  Checkpoint checkpoint;
  fixity::SignedNote note;
  static Result<SignedCheckpoint> parse(std::string_view text);
};

}  // namespace greffe::journal
