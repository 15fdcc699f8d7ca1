#include "journal/journal.h"

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>

#include "base/file_lock.h"
#include "base/log.h"
#include "journal/segment.h"

namespace greffe::journal {
namespace {

// Where the next line goes and what it is chained to.
struct Tail {
  Head head;
  std::string segment;     // of the newest segment; empty when there is none
  std::uint64_t size = 0;  // of it, up to its last newline
  std::string torn;        // bytes behind that
};

Result<Head> head_of(std::string_view line, const std::string& segment) {
  const auto entry = entry_of_line(line);
  if (!entry)
    return fail(ErrorKind::Integrity, "journal/{}: the last line is no entry ({}); see greffe-verify journal",
                segment, entry.error().message());
  return Head{.seq = entry->seq, .digest = fixity::digest_of(line)};
}

Result<Tail> tail_of(const Path& folder) {
  GREFFE_TRY(const std::vector<std::string> segments, segments_in(folder));
  Tail tail;
  for (auto segment = segments.rbegin(); segment != segments.rend(); ++segment) {
    GREFFE_TRY(SegmentEnd end, end_of_segment(folder / *segment));
    if (segment == segments.rbegin()) {
      tail.segment = *segment;
      tail.size = end.size - end.torn.size();
      tail.torn = std::move(end.torn);
    }
    // A segment with no whole line was opened by a program that was killed before its first entry.
    if (!end.last_line) continue;
    GREFFE_TRY(tail.head, head_of(*end.last_line, *segment));
    break;
  }
  return tail;
}

// One segment open for appending. Only the holder of the lock has one.
class Appender {
 public:
  static Result<Appender> open(const Path& path, bool is_new, std::uint64_t size) {
    File file(::open(path.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0640));
    if (!file.is_open()) return fail_errno(path.string());
    if (is_new) GREFFE_CHECK(sync_directory(path.parent_path()));
    return Appender(std::move(file), path, size);
  }

  Status cut() {
    if (::ftruncate(file_.descriptor(), static_cast<off_t>(size_)) != 0) return fail_errno(path_.string());
    return {};
  }
  Status write(const std::string& lines) {
    const Status written =
        write_all(file_, Bytes(reinterpret_cast<const std::uint8_t*>(lines.data()), lines.size()), path_);
    // Half a line on a full disk: taken back as well as can be; if that fails too, the next append heals it.
    if (!written) static_cast<void>(cut());
    return written;
  }
  Status finish() {
    if (::fsync(file_.descriptor()) != 0) return fail_errno(fmt::format("{}: sync", path_.string()));
    return file_.close(path_.string());
  }

 private:
  Appender(File file, Path path, std::uint64_t size)
      : file_(std::move(file)), path_(std::move(path)), size_(size) {}

  File file_;
  Path path_;
  std::uint64_t size_;  // of what must stay whatever happens
};

Result<JournalEntry> chained(Head& head, const Actor& actor, const Event& event, WallTime now,
                             std::string& lines) {
  JournalEntry entry{.seq = head.seq + 1, .utc = now, .actor = actor, .event = event, .prev = head.digest};
  const std::string line = canonical_line(entry);
  if (line.size() > LargestLine) return fail("journal: an entry of {} bytes is too long", line.size());
  head = {.seq = entry.seq, .digest = fixity::digest_of(line)};
  lines += line + "\n";
  return entry;
}

// The torn last line is the last thing a killed program wrote: where it happens to be a whole entry that
// follows the chain, only its newline is missing.
bool torn_line_is_whole(const Tail& tail) {
  const auto entry = entry_of_line(tail.torn);
  return entry && entry->seq == tail.head.seq + 1 && entry->prev == tail.head.digest;
}

}  // namespace

Journal::Journal(Path folder, Actor actor, std::chrono::milliseconds lock_wait)
    : folder_(std::move(folder)), actor_(std::move(actor)), lock_wait_(lock_wait) {}

Result<JournalEntry> Journal::append(const Event& event, WallTime now) {
  GREFFE_TRY(auto entries, write(std::span(&event, 1), now));
  return std::move(entries.front());
}

Status Journal::append(std::span<const Event> events, WallTime now) {
  if (events.empty()) return {};
  GREFFE_TRY(const auto entries, write(events, now));
  return {};
}

Result<std::vector<JournalEntry>> Journal::write(std::span<const Event> events, WallTime now) {
  GREFFE_TRY(const FileLock lock, FileLock::acquire(folder_ / "lock", lock_wait_));
  GREFFE_TRY(Tail tail, tail_of(folder_));
  std::string lines;
  if (!tail.torn.empty()) {
    const Path path = folder_ / tail.segment;
    GREFFE_TRY(Appender torn, Appender::open(path, false, tail.size));
    if (torn_line_is_whole(tail)) {
      log::warning("{}: the last line had no end; it is a whole entry and is kept", path.string());
      GREFFE_TRY(tail.head, head_of(tail.torn, tail.segment));
      GREFFE_CHECK(torn.write("\n"));
      tail.size += tail.torn.size() + 1;
    } else {
      log::warning("{}: the last line was torn by a crash; its {} bytes are cut off", path.string(),
                   tail.torn.size());
      GREFFE_CHECK(torn.cut());
      const FileChange cut{.file = "journal/" + tail.segment, .before = fixity::digest_of(tail.torn)};
      GREFFE_CHECK(chained(tail.head, actor_, {.action = "heal-journal", .files = {cut}}, now, lines));
    }
    GREFFE_CHECK(torn.finish());
  }
  std::vector<JournalEntry> entries;
  for (const Event& event : events) {
    GREFFE_TRY(JournalEntry entry, chained(tail.head, actor_, event, now, lines));
    entries.push_back(std::move(entry));
  }
  const std::string segment = std::max(tail.segment, segment_name(now));
  const bool is_new = segment != tail.segment;
  GREFFE_TRY(Appender appender, Appender::open(folder_ / segment, is_new, is_new ? 0 : tail.size));
  GREFFE_CHECK(appender.write(lines));
  GREFFE_CHECK(appender.finish());
  return entries;
}

}  // namespace greffe::journal
