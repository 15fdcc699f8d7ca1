// What the catalog knows of meetings that retention counts with, one meeting after the other.
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "catalog/catalog.h"
#include "retention/event.h"
#include "retention/hold.h"

namespace greffe::catalog {

struct CoveringHold {
  std::string id;
  retention::HoldTerms terms;
  WallTime since{};  // when it came to cover the meeting
};

struct RetentionRow {
  std::string meeting;  // id
  std::string meeting_class;
  std::int64_t start_unix_ms = 0;        // UTC instant of its start
  std::int64_t end_unix_ms = 0;          // and of its end
  std::int64_t bytes = 0;                // of all assets
  std::vector<std::string> producers;    // in the order of meeting.json
  std::vector<retention::Event> events;  // that name it, by number
  std::vector<CoveringHold> holds;       // that block disposal and cover it, released ones too; by id
};

// Reads all meetings in the order of their ids, of one moment, each table once from end to end.
class RetentionRows {
 public:
  // `catalog` must outlive this object, and is good for reading only meanwhile. With `meeting` (an id) of
  // that one alone.
  static Result<RetentionRows> open(const Catalog& catalog, const std::optional<std::string>& meeting = {});
  RetentionRows(RetentionRows&&) noexcept;
  ~RetentionRows();

  // The next meeting, or nullptr at the end; it stands until the next call.
  Result<const RetentionRow*> next();

 private:
  struct Parts;
  explicit RetentionRows(std::unique_ptr<Parts> parts);
  std::unique_ptr<Parts> parts_;
};

// Ids of meetings of which the journal, as far as the catalog has it, tells of another manifest than their
// rows have, in order.
Result<std::vector<std::string>> late_meetings(const Catalog& catalog);

// The numbers of the events that others supersede, and when those were recorded.
Result<std::map<std::int64_t, WallTime>> superseded_events(const Catalog& catalog);

}  // namespace greffe::catalog
