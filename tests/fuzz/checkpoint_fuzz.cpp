// Any bytes as a checkpoint, signed or not, a head or a verifier key: what is accepted is written so that it
// reads the same again, and a signed note in exactly the bytes it was read from.
#include <cstdlib>

#include "journal/checkpoint.h"

namespace {

using namespace greffe;

void check_note(std::string_view text) {
  const auto note = fixity::SignedNote::parse(text);
  if (!note) return;
  if (note->written() != text) std::abort();
  // The key of nobody: no signature can hold.
  const fixity::VerifierKey nobody{.name = note->signatures.front().key_name};
  if (note->signature_of(nobody) == fixity::SignedNote::Answer::Holds) std::abort();
}

void check_checkpoint(std::string_view text) {
  const auto checkpoint = journal::Checkpoint::parse(text);
  if (!checkpoint) return;
  const auto again = journal::Checkpoint::parse(checkpoint->text());
  if (!again || again->text() != checkpoint->text()) std::abort();
  const auto head = journal::head_of_text(checkpoint->text(), "");
  if (!head || head->size != checkpoint->size || head->root != checkpoint->root) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  check_note(text);
  check_checkpoint(text);
  if (const auto read = journal::SignedCheckpoint::parse(text)) check_checkpoint(read->note.text);
  static_cast<void>(journal::head_of_text(text, ""));
  if (const auto key = fixity::VerifierKey::parse(text); key && key->text() != text) std::abort();
  return 0;
}
