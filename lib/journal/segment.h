// The files of a journal: journal/YYYY-MM.jsonl, oldest first by name.
#pragma once

#include <optional>
#include <string>
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
  static Result<LineReader> open(const Path& path);

  // The next whole line without its newline, or nullopt at the end. A line longer than LargestLine is a
  // failure.
  Result<std::optional<std::string>> next();
  // Bytes after the last newline, known at the end.
  const std::string& tail() const { return buffer_; }
  int line_number() const { return line_number_; }

 private:
  LineReader(InputFile input, Path path) : input_(std::move(input)), path_(std::move(path)) {}

  InputFile input_;
  Path path_;
  std::uint64_t offset_ = 0;  // of the next byte to read
  std::string buffer_;        // read, not yet given out
  std::size_t taken_ = 0;     // of buffer_, given out already
  int line_number_ = 0;
};

// How a segment ends.
struct SegmentEnd {
  std::optional<std::string> last_line;  // without newline; nullopt when there is no whole line
  std::string torn;                      // bytes after the last newline
  std::uint64_t size = 0;                // of the file
};
Result<SegmentEnd> end_of_segment(const Path& path);

}  // namespace greffe::journal
