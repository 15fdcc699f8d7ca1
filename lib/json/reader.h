// Reads the members of an object and says where it failed: "participants[2].tracks[0].file: missing".
#pragma once

#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "json/value.h"

namespace greffe::json {

// What is wrong in a document, and where: "scenes[3].start_ms", "missing".
struct Mistake {
  std::string place;
  std::string why;
  bool operator==(const Mistake&) const = default;
};

// A view of one object, with its place in the document for messages. The object must outlive it.
//
// The first mistake of each member is kept; ask status() (the first of all) or mistakes() once at the end.
// Reading goes on with the default meanwhile.
class Reader {
 public:
  // A `value` that is no object is itself the first failure.
  Reader(const Value& value, std::string place);
  Reader(const Value&& gone, std::string place) = delete;

  std::string text(std::string_view name);                      // required
  std::optional<std::string> find_text(std::string_view name);  // absent or null: nullopt
  std::int64_t integer(std::string_view name);                  // required
  std::optional<std::int64_t> find_integer(std::string_view name);
  double number(std::string_view name);  // required
  std::optional<double> find_number(std::string_view name);
  bool boolean(std::string_view name, bool otherwise);
  const Array& array(std::string_view name);    // absent or null: empty
  const Object& object(std::string_view name);  // absent or null: empty
  const Value* find(std::string_view name);     // marks the name as known

  // "place.name", for messages of the caller.
  std::string place_of(std::string_view name) const;
  const std::string& place() const { return place_; }
  void refuse(std::string_view name, std::string_view why);
  Status status() const { return status_; }
  // In the order in which they were met.
  const std::vector<Mistake>& mistakes() const { return mistakes_; }
  // Members that nobody asked for.
  std::vector<std::string> unknown() const;

 private:
  const Object* object_ = nullptr;
  std::string place_;
  std::set<std::string, std::less<>> asked_;
  Status status_;
  std::vector<Mistake> mistakes_;
};

}  // namespace greffe::json
