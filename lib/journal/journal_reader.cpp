#include "journal/journal.h"
#include "journal/segment.h"

namespace greffe::journal {

struct JournalReader::Parts {
  Path folder;
  std::vector<std::string> segments;
  std::size_t at = 0;  // of segments: the one being read
  std::optional<LineReader> reader;
  std::string line;
  std::string place;
  std::size_t torn_bytes = 0;
  std::int64_t first_seq = 1;

  // The next line of any segment, or nullopt at the end of the last.
  Result<bool> next_line();
};

Result<bool> JournalReader::Parts::next_line() {
  while (at < segments.size()) {
    if (!reader) {
      GREFFE_TRY(reader, LineReader::open(folder / segments[at]));
    }
    GREFFE_TRY(auto found, reader->next());
    if (found) {
      line = std::move(*found);
      place = fmt::format("{}: line {}", segments[at], reader->line_number());
      return true;
    }
    torn_bytes = reader->tail().size();
    if (torn_bytes > 0 && at + 1 < segments.size())
      return fail(ErrorKind::Integrity, "{}: the last line is cut, and a later segment follows",
                  segments[at]);
    reader.reset();
    ++at;
  }
  return false;
}

JournalReader::JournalReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const Path& folder, std::int64_t first_seq) {
  auto parts = std::make_unique<Parts>();
  parts->folder = folder;
  parts->first_seq = first_seq;
  GREFFE_TRY(parts->segments, segments_in(folder));
  // Starts in the newest segment that begins early enough; earlier ones need not be read.
  for (std::size_t i = parts->segments.size(); i-- > 1 && first_seq > 1;) {
    GREFFE_TRY(LineReader reader, LineReader::open(folder / parts->segments[i]));
    GREFFE_TRY(const auto line, reader.next());
    const auto entry = line ? entry_of_line(*line) : Result<JournalEntry>(tl::unexpect, Error(""));
    if (!entry || entry->seq > first_seq) continue;
    parts->at = i;
    break;
  }
  return JournalReader(std::move(parts));
}

Result<std::optional<JournalEntry>> JournalReader::next() {
  while (true) {
    GREFFE_TRY(const bool more, parts_->next_line());
    if (!more) return std::nullopt;
    auto entry = entry_of_line(parts_->line);
    if (!entry)
      return fail(ErrorKind::Integrity, "{}: no journal entry: {}", parts_->place, entry.error().message());
    if (entry->seq >= parts_->first_seq) return std::move(*entry);
  }
}

const std::string& JournalReader::line() const { return parts_->line; }
std::string JournalReader::place() const { return parts_->place; }
std::size_t JournalReader::torn_bytes() const { return parts_->torn_bytes; }

Result<ChainCheck> check_chain(const Path& folder) {
  GREFFE_TRY(JournalReader reader, JournalReader::open(folder));
  ChainCheck check;
  const auto broken = [&](std::string reason, std::string place) {
    check.reason = std::move(reason);
    check.place = std::move(place);
    return check;
  };
  while (true) {
    const auto entry = reader.next();
    if (!entry && entry.error().kind() == ErrorKind::Integrity)
      return broken("not-an-entry", entry.error().message());
    if (!entry) return tl::unexpected(entry.error());
    if (!*entry) break;
    if ((*entry)->seq != check.head.seq + 1) return broken("broken-sequence", reader.place());
    if ((*entry)->prev != check.head.digest) return broken("broken-chain", reader.place());
    check.head = {.seq = (*entry)->seq, .digest = fixity::digest_of(reader.line())};
    ++check.entries;
  }
  check.torn_bytes = reader.torn_bytes();
  return check;
}

}  // namespace greffe::journal
