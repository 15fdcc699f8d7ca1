#include "journal/checkpoint.h"

#include <algorithm>

#include "base/base64.h"
#include "base/parse.h"
#include "base/text.h"

namespace greffe::journal {
namespace {

constexpr std::string_view TimeLine = "time ";
constexpr std::string_view TokenLine = "token-sha256 ";

// Decimal without leading zeros.
std::optional<std::int64_t> size_of(std::string_view text) {
  const auto size = find_number<std::int64_t>(text);
  const bool padded = text.size() > 1 && text.front() == '0';
  return size && *size >= 0 && !padded ? size : std::nullopt;
}

std::optional<fixity::Digest> root_of(std::string_view text) {
  const auto bytes = bytes_of_base64(text);
  fixity::Digest root;
  if (!bytes || bytes->size() != root.bytes.size()) return std::nullopt;
  std::copy(bytes->begin(), bytes->end(), root.bytes.begin());
  return root;
}

// Takes a line off the front of `text`; nullopt when it has no end.
std::optional<std::string_view> take_line(std::string_view& text) {
  const auto end = text.find('\n');
  if (end == std::string_view::npos) return std::nullopt;
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end + 1);
  return line;
}

Status read_extension(std::string_view line, Checkpoint& checkpoint) {
  if (line.starts_with(TimeLine)) {
    GREFFE_TRY(checkpoint.time, parse_rfc3339(line.substr(TimeLine.size())));
  } else if (line.starts_with(TokenLine)) {
    checkpoint.token = fixity::Digest::of_hex(line.substr(TokenLine.size()));
    if (!checkpoint.token) return fail("token-sha256: expected 64 hex digits");
  }
  return {};
}

}  // namespace

std::string origin_of(std::string_view archive_id) { return fmt::format("greffe-journal/{}", archive_id); }

std::string Checkpoint::text() const {
  std::string text = fmt::format("{}\n{}\n{}\n", origin, size, base64(Bytes(root.bytes)));
  if (time) text += fmt::format("{}{}\n", TimeLine, rfc3339(*time, 3));
  if (token) text += fmt::format("{}{}\n", TokenLine, token->hex());
  return text;
}

Result<Checkpoint> Checkpoint::parse(std::string_view text) {
  const auto origin = take_line(text), size = take_line(text), root = take_line(text);
  if (!origin || !size || !root) return fail("fewer than three lines");
  if (origin->empty()) return fail("no origin");
  Checkpoint checkpoint{.origin = std::string(*origin)};
  const auto entries = size_of(*size);
  if (!entries) return fail("the second line is no number of entries");
  checkpoint.size = *entries;
  const auto digest = root_of(*root);
  if (!digest) return fail("the third line is no SHA-256 in base64");
  checkpoint.root = *digest;
  while (!text.empty()) {
    const auto line = take_line(text);
    if (!line || line->empty()) return fail("an extension line is empty or has no end");
    GREFFE_CHECK(read_extension(*line, checkpoint));
  }
  return checkpoint;
}

std::string head_line(const Checkpoint& checkpoint) {
  return fmt::format("{} {} {}", checkpoint.origin, checkpoint.size, checkpoint.root.hex());
}

Result<KnownHead> head_of_text(std::string_view text, std::string place) {
  if (text.find('\n') == std::string_view::npos || text.find('\n') + 1 == text.size()) {
    const std::string_view line = trimmed(text);
    const auto last = line.rfind(' ');
    const auto middle = last == std::string_view::npos || last == 0 ? last : line.rfind(' ', last - 1);
    if (middle == std::string_view::npos || middle == 0)
      return fail("{}: no head: ORIGIN SIZE ROOT is expected", place);
    const auto size = size_of(line.substr(middle + 1, last - middle - 1));
    const auto root = fixity::Digest::of_hex(line.substr(last + 1));
    if (!size || !root) return fail("{}: no head: ORIGIN SIZE ROOT is expected", place);
    return KnownHead{std::string(line.substr(0, middle)), *size, *root, std::move(place)};
  }
  const auto note = fixity::SignedNote::parse(text);
  const auto checkpoint = Checkpoint::parse(note ? std::string_view(note->text) : text);
  if (!checkpoint) return fail("{}: no head and no checkpoint: {}", place, checkpoint.error().message());
  return KnownHead{checkpoint->origin, checkpoint->size, checkpoint->root, std::move(place)};
}

Result<SignedCheckpoint> SignedCheckpoint::parse(std::string_view text) {
  GREFFE_TRY(fixity::SignedNote note, fixity::SignedNote::parse(text));
  GREFFE_TRY(Checkpoint checkpoint, Checkpoint::parse(note.text));
  return SignedCheckpoint{std::move(checkpoint), std::move(note)};
}

}  // namespace greffe::journal
