// The files of a journal: journal/YYYY-MM.jsonl, oldest first by name.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/file.h"
#include "units/time.h"

namespace greffe::journal {

// "2026-11.jsonl" for an instant of that month, UTC.
std::string segment_name(WallTime time);
bool is_segment_name(std::string_view name);
// Names of the segments in `folder`, in order; none when the folder is missing. Other files are left alone.
Result<std::vector<std::string>> segments_in(const Path& folder);

// Reads a segment line by line, in memory bounded by the longest line allowed.
class LineReader {
 public:
  // Starts at byte `offset`, where a line begins.
  static Result<LineReader> open(const Path& path, std::uint64_t offset = 0);

  // The next whole line without its newline, or nullopt at the end. A line longer than LargestLine is a
  // failure.
  Result<std::optional<std::string>> next();
  // Bytes after the last newline, known at the end.
  const std::string& tail() const { return buffer_; }
  // Of the line last returned, from 1 where the reader started.
  int line_number() const { return line_number_; }
  // Of the byte behind the line last returned.
  std::uint64_t offset() const { return offset_ - (buffer_.size() - taken_); }

 private:
  LineReader(InputFile input, Path path, std::uint64_t offset)
      : input_(std::move(input)), path_(std::move(path)), offset_(offset) {}

  InputFile input_;
  Path path_;
  std::uint64_t offset_;   // of the next byte to read
  std::string buffer_;     // read, not yet given out
  std::size_t taken_ = 0;  // of buffer_, given out already
  int line_number_ = 0;
};

// All lines of a journal, segment after segment.
class JournalLines {
 public:
  // A missing folder has no lines.
  static Result<JournalLines> open(const Path& folder);

  // Goes to byte `offset` of the segment with this index, where a line begins.
  void start_at(std::size_t segment, std::uint64_t offset) {
    at_ = segment;
    start_ = offset;
  }
  const std::vector<std::string>& segments() const { return segments_; }

  // The next whole line, valid until the next call, or nullopt at the end. Fails with ErrorKind::Integrity
  // when a line is too long, or torn in a segment that another follows.
  Result<std::optional<std::string_view>> next();
  // "2026-11.jsonl: line 3", of the line last returned.
  std::string place() const;
  // Bytes of a torn last line, known at the end.
  std::size_t torn_bytes() const { return torn_bytes_; }

 private:
  JournalLines(Path folder, std::vector<std::string> segments)
      : folder_(std::move(folder)), segments_(std::move(segments)) {}
  // Lines of the segment being read before the place where its reader started.
  int lines_before() const;

  Path folder_;
  std::vector<std::string> segments_;
  std::size_t at_ = 0;       // of segments_: the one being read
  std::uint64_t start_ = 0;  // where the next reader starts
  std::uint64_t began_ = 0;  // where reader_ started
  std::optional<LineReader> reader_;
  std::string line_;
  std::size_t torn_bytes_ = 0;
};

// How a segment ends.
struct SegmentEnd {
  std::optional<std::string> last_line;  // without newline; nullopt when there is no whole line
  std::string torn;                      // bytes after the last newline
  std::uint64_t size = 0;                // of the file
};
Result<SegmentEnd> end_of_segment(const Path& path);

}  // namespace greffe::journal
