#include "journal/segment.h"

#include <algorithm>

#include "base/folder.h"
#include "journal/entry.h"

namespace greffe::journal {
namespace {
constexpr std::size_t ReadBlock = 1 << 16;
constexpr std::string_view Suffix = ".jsonl";
}  // namespace

std::string segment_name(WallTime time) {
  const CivilTime civil = civil_time(time);
  return fmt::format("{:04}-{:02}{}", civil.year, civil.month, Suffix);
}

bool is_segment_name(std::string_view name) {
  if (name.size() != 7 + Suffix.size() || !name.ends_with(Suffix) || name[4] != '-') return false;
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  return std::all_of(name.begin(), name.begin() + 4, is_digit) && is_digit(name[5]) && is_digit(name[6]);
}

Result<std::vector<std::string>> segments_in(const Path& folder) {
  std::vector<std::string> names;
  GREFFE_TRY(auto entries, list_folder_if_any(folder));
  for (FolderEntry& entry : entries)
    if (is_segment_name(entry.name)) names.push_back(std::move(entry.name));
  return names;
}

Result<LineReader> LineReader::open(const Path& path, std::uint64_t offset) {
  GREFFE_TRY(InputFile input, open_input(path));
  return LineReader(std::move(input), path, offset);
}

Result<std::optional<std::string>> LineReader::next() {
  std::size_t searched = 0;
  while (true) {
    const auto end = buffer_.find('\n', taken_ + searched);
    if (end != std::string::npos) {
      std::string line = buffer_.substr(taken_, end - taken_);
      taken_ = end + 1;
      ++line_number_;
      return line;
    }
    buffer_.erase(0, std::exchange(taken_, 0));
    searched = buffer_.size();
    if (searched > LargestLine)
      return fail(ErrorKind::Integrity, "{}: line {} is longer than {} bytes", path_.string(),
                  line_number_ + 1, LargestLine);
    buffer_.resize(searched + ReadBlock);
    const std::span<std::uint8_t> room(reinterpret_cast<std::uint8_t*>(buffer_.data()) + searched, ReadBlock);
    GREFFE_TRY(const std::size_t got, read_at(input_.file, offset_, room, path_));
    buffer_.resize(searched + got);
    offset_ += got;
    if (got == 0) return std::nullopt;
  }
}

Result<JournalLines> JournalLines::open(const Path& folder) {
  GREFFE_TRY(std::vector<std::string> segments, segments_in(folder));
  return JournalLines(folder, std::move(segments));
}

Result<std::optional<std::string_view>> JournalLines::next() {
  while (at_ < segments_.size()) {
    if (!reader_) {
      began_ = std::exchange(start_, 0);
      GREFFE_TRY(reader_, LineReader::open(folder_ / segments_[at_], began_));
    }
    GREFFE_TRY(auto found, reader_->next());
    if (found) {
      line_ = std::move(*found);
      return line_;
    }
    torn_bytes_ = reader_->tail().size();
    if (torn_bytes_ > 0 && at_ + 1 < segments_.size())
      return fail(ErrorKind::Integrity, "{}: the last line is cut, and a later segment follows",
                  segments_[at_]);
    reader_.reset();
    ++at_;
  }
  return std::nullopt;
}

// Counted only when somebody asks.
int JournalLines::lines_before() const {
  int lines = 0;
  auto reader = LineReader::open(folder_ / segments_[at_]);
  while (reader && reader->offset() < began_) {
    const auto line = reader->next();
    if (!line || !*line) break;
    ++lines;
  }
  return lines;
}

std::string JournalLines::place() const {
  if (at_ >= segments_.size() || !reader_) return "end";
  return fmt::format("{}: line {}", segments_[at_], lines_before() + reader_->line_number());
}

Result<SegmentEnd> end_of_segment(const Path& path) {
  GREFFE_TRY(const InputFile input, open_input(path));
  SegmentEnd found{.size = input.stamp.size};
  // The last two lines at most are read, from the back.
  const std::uint64_t wanted = std::min<std::uint64_t>(found.size, 2 * (LargestLine + 1));
  std::string text(wanted, '\0');
  const std::span<std::uint8_t> room(reinterpret_cast<std::uint8_t*>(text.data()), text.size());
  GREFFE_TRY(const std::size_t got, read_at(input.file, found.size - wanted, room, path));
  text.resize(got);
  const auto last_newline = text.rfind('\n');
  if (last_newline == std::string::npos) {
    if (wanted < found.size) return fail(ErrorKind::Integrity, "{}: its last line has no end", path.string());
    found.torn = std::move(text);
    return found;
  }
  found.torn = text.substr(last_newline + 1);
  const auto before = last_newline == 0 ? std::string::npos : text.rfind('\n', last_newline - 1);
  const std::size_t start = before == std::string::npos ? 0 : before + 1;
  found.last_line = text.substr(start, last_newline - start);
  return found;
}

}  // namespace greffe::journal
