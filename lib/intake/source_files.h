// The files an ingest reads, each once, with their digests.
#pragma once

#include <chrono>
#include <map>
#include <set>
#include <string>
#include <vector>

#include "base/damage_log.h"
#include "fixity/digest.h"
#include "fixity/fingerprint.h"
#include "intake/meeting_source.h"

namespace greffe::intake {

struct SourceFile {
  Path path;
  FileStamp stamp;  // its size is what was hashed
  fixity::Digest digest;
  fixity::Fingerprint::Value fingerprint{};  // of the bytes that were hashed
};

struct RefusedFile {
  std::string name;  // as in the description
  Error why;
};

struct SourceFiles {
  std::map<std::string, SourceFile> dumps;  // by path as in the description; of a format greffe knows
  std::map<std::string, SourceFile> transcripts;
  std::map<std::string, SourceFile> documents;
  // The session description beside a capture, by the capture's name: NAME.sdp says of NAME.pcap what it
  // holds.
  std::map<std::string, SourceFile> session_descriptions;
  std::vector<RefusedFile> refusals;

  // What makes the record the one it is: its dumps, witnesses too; of a record without any, its documents.
  // Files with the same bytes count once (R107).
  std::vector<fixity::Digest> distinct() const;
  // Nothing a record can be made of.
  bool empty() const { return dumps.empty() && documents.empty(); }
};

// How files that are still being written are told from those at rest, and how many are read side by side.
struct SourceReading {
  WallTime now{};
  std::chrono::milliseconds settle{0};  // files younger than this: ErrorKind::Busy
  unsigned jobs = 0;                    // 0: as many as there are processors
};

// Reads the files a description names, one by one or several at once.
class SourceFileReader {
 public:
  // `source` must outlive the reader.
  SourceFileReader(const MeetingSource& source, const SourceReading& reading);

  std::size_t count() const { return wanted_.size(); }
  // Fails only when stopped. Different files may be read by different threads.
  Status read(std::size_t index);
  // When all are read. Missing and unreadable files, and files that are no dumps, become refusals.
  Result<SourceFiles> finish();

 private:
  // A file the description names, and how it is read.
  struct Wanted {
    std::string name;
    Result<SourceFile> (*read)(const Path& path, const Path& folder);
    std::map<std::string, SourceFile> SourceFiles::*into;
    Result<SourceFile> found;
  };

  SourceReading reading_;
  Path folder_;  // of the source
  std::vector<Wanted> wanted_;
};

// All of them.
Result<SourceFiles> read_source_files(const MeetingSource& source, const SourceReading& reading);

// SHA-256 over all that the description says of the meeting, files by digest: equal for the same ingest.
fixity::Digest digest_of_description(const MeetingSource& source, const SourceFiles& files);

// YYYYMMDD-HHMMSSZ-xxxxxxxxxx (DESIGN 3), the last digits of distinct().
std::string meeting_id_of(WallTime start, const SourceFiles& files);

}  // namespace greffe::intake
