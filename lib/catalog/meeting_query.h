// A person's words for "these meetings", read and turned into SQL: what holds and retention rules are scoped
// by.
//
//   participant:Roux class:council from:2026-01-01 until:2026-12-31
//   (title:budget OR "apple trees") -origin:janus
//
// Terms side by side must all be met; OR stands between two, "-" or NOT before one, parentheses around some.
// A value of several words stands in quotes. Words are found without accents and case, whole, in a row.
#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"
#include "units/time_zone.h"

namespace greffe::catalog {

enum class QueryField : std::uint8_t {
  Text,         // text: or no field: what was said, or by whom
  Title,        // title: words of the title
  Participant,  // participant: words of a name, or a whole id
  Id,           // id: the beginning of a meeting's id
  Class,        // class: the whole class
  Origin,       // origin: the whole origin
  From,         // from: the meeting began on that day or later, in the policy zone
  Until,        // until: on that day or earlier
};

// A condition over the table `meetings`, and the values for its question marks, in order.
struct SqlCondition {
  std::string sql;
  std::vector<json::Value> values;  // integers and text
};

// What somebody asks now, or what was stored when it was asked: that stays readable, whatever is refused now.
enum class QueryAge : std::uint8_t { New, Stored };

class MeetingQuery {
 public:
  // Fails with ErrorKind::Usage and the place of the first mistake ("character 14: …"). `zone` says when a
  // day begins. At most 4096 bytes and 32 levels of parentheses. In a new query words that look like the
  // grammar of another language (and, or, not, @NAME) must stand in quotes to be looked for.
  static Result<MeetingQuery> parse(std::string_view text, const TimeZone& zone,
                                    QueryAge age = QueryAge::New);

  const std::string& text() const { return text_; }
  // What was understood: {"all": […]}, {"any": […]}, {"not": …} or {"field": "title", "value": "budget"}.
  json::Value parsed() const;
  // For a search among all meetings.
  SqlCondition condition() const;
  // For whether one meeting is among them: the indexes of words are asked for its cues only.
  SqlCondition condition_for(std::string_view meeting) const;

  struct Node;

 private:
  MeetingQuery(std::string text, std::shared_ptr<const Node> root)
      : text_(std::move(text)), root_(std::move(root)) {}

  std::string text_;
  std::shared_ptr<const Node> root_;
};

}  // namespace greffe::catalog
