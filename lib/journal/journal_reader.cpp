#include "journal/chain_walk.h"
#include "journal/journal.h"
#include "journal/segment.h"

namespace greffe::journal {

struct JournalReader::Parts {
  JournalLines lines;
  std::int64_t first_seq = 1;
  std::string line = {};
};

namespace {

constexpr std::uint64_t CloseEnough = 64 << 10;  // bytes

// The first entry that begins behind byte `offset`, and where. nullopt where there is none, or no entry.
struct Found {
  std::int64_t seq;
  std::uint64_t begin;
};
Result<std::optional<Found>> entry_behind(const Path& path, std::uint64_t offset) {
  GREFFE_TRY(LineReader reader, LineReader::open(path, offset));
  if (offset > 0) GREFFE_CHECK(reader.next());  // the rest of a line
  const std::uint64_t begin = reader.offset();
  GREFFE_TRY(const auto line, reader.next());
  const auto entry = line ? entry_of_line(*line) : Result<JournalEntry>(tl::unexpect, Error(""));
  return entry ? std::optional(Found{entry->seq, begin}) : std::nullopt;
}

// Where a line begins that is not behind the entry `seq`, and near it: a month may have 100,000 entries.
// Halves what is left as long as it finds entries; what is none is for the reader to come upon.
Result<std::uint64_t> offset_near(const Path& path, std::int64_t seq) {
  GREFFE_TRY(const InputFile input, open_input(path));
  std::uint64_t begin = 0, end = input.stamp.size;
  while (end - begin > CloseEnough) {
    const std::uint64_t middle = begin + (end - begin) / 2;
    GREFFE_TRY(const auto found, entry_behind(path, middle));
    if (found && found->seq <= seq && found->begin < end)
      begin = found->begin;
    else
      end = middle;
  }
  return begin;
}

}  // namespace

JournalReader::JournalReader(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
JournalReader::JournalReader(JournalReader&&) noexcept = default;
JournalReader::~JournalReader() = default;

Result<JournalReader> JournalReader::open(const Path& folder, std::int64_t first_seq) {
  GREFFE_TRY(JournalLines lines, JournalLines::open(folder));
  auto parts = std::make_unique<Parts>(Parts{.lines = std::move(lines), .first_seq = first_seq});
  // Starts in the newest segment that begins early enough; earlier ones need not be read.
  const std::vector<std::string>& segments = parts->lines.segments();
  for (std::size_t i = segments.size(); i-- > 0 && first_seq > 1;) {
    GREFFE_TRY(const auto first, entry_behind(folder / segments[i], 0));
    if (!first || first->seq > first_seq) continue;
    GREFFE_TRY(const std::uint64_t offset, offset_near(folder / segments[i], first_seq));
    parts->lines.start_at(i, offset);
    break;
  }
  return JournalReader(std::move(parts));
}

Result<std::optional<JournalEntry>> JournalReader::next() {
  while (true) {
    GREFFE_TRY(const auto line, parts_->lines.next());
    if (!line) return std::nullopt;
    parts_->line = *line;
    auto entry = entry_of_line(parts_->line);
    if (!entry)
      return fail(ErrorKind::Integrity, "{}: no journal entry: {}", place(), entry.error().message());
    if (entry->seq >= parts_->first_seq) return std::move(*entry);
  }
}

const std::string& JournalReader::line() const { return parts_->line; }
std::string JournalReader::place() const { return parts_->lines.place(); }
std::size_t JournalReader::torn_bytes() const { return parts_->lines.torn_bytes(); }

Result<ChainCheck> check_chain(const Path& folder) {
  GREFFE_TRY(JournalLines lines, JournalLines::open(folder));
  ChainWalk walk;
  ChainCheck check;
  const auto broken = [&](std::string_view why, std::string place) {
    check.reason = why;
    check.place = std::move(place);
    return check;
  };
  while (true) {
    const auto line = lines.next();
    if (!line && line.error().kind() == ErrorKind::Integrity)
      return broken(reason::NotAnEntry, line.error().message());
    if (!line) return tl::unexpected(line.error());
    if (!*line) break;
    if (const auto problem = walk.take(**line))
      return broken(problem->reason, problem->reason == reason::NotAnEntry
                                         ? fmt::format("{}: {}", lines.place(), problem->text)
                                         : lines.place());
    check.head = walk.head();
    ++check.entries;
  }
  check.torn_bytes = lines.torn_bytes();
  return check;
}

}  // namespace greffe::journal
