// Puts the rows of meetings into a catalog, one meeting after the other.
#pragma once

#include <memory>

#include "catalog/connection.h"
#include "catalog/rows.h"

namespace greffe::catalog {

// Within one transaction, which must outlive it; statements are compiled once. SQLite's exceptions pass.
class MeetingWriter {
 public:
  explicit MeetingWriter(SQLite::Database& database);
  MeetingWriter(const MeetingWriter&) = delete;
  MeetingWriter& operator=(const MeetingWriter&) = delete;
  ~MeetingWriter();

  // Makes the rows of this meeting what `record` says; whatever was there of it goes.
  Status put(const MeetingRecord& record);
  // Takes all rows of a meeting away, and its words.
  void remove(std::string_view id);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace greffe::catalog
