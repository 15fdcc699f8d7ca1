#include "json/reader.h"

#include <cmath>

namespace greffe::json {

Reader::Reader(const Value& value, std::string place)
    : object_(value.find_object()), place_(std::move(place)) {
  static const Object empty;
  if (!object_) {
    object_ = &empty;
    status_ = fail("{}: expected an object", place_.empty() ? "document" : place_);
    mistakes_.push_back({place_, "expected an object"});
  }
}

const Value* Reader::find(std::string_view name) {
  asked_.emplace(name);
  const Value* value = object_->find(name);
  return value && !value->is_null() ? value : nullptr;
}

std::string Reader::place_of(std::string_view name) const {
  return place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name);
}

void Reader::refuse(std::string_view name, std::string_view why) {
  std::string place = place_of(name);
  if (status_) status_ = fail("{}: {}", place, why);
  for (const Mistake& known : mistakes_)
    if (known.place == place || known.place == place_) return;
  mistakes_.push_back({std::move(place), std::string(why)});
}

std::optional<std::string> Reader::find_text(std::string_view name) {
  const Value* value = find(name);
  if (!value) return std::nullopt;
  if (const std::string* text = value->find_text()) return *text;
  refuse(name, "expected text");
  return std::nullopt;
}

std::string Reader::text(std::string_view name) {
  if (!find(name)) refuse(name, "missing");
  return find_text(name).value_or("");
}

std::optional<std::int64_t> Reader::find_integer(std::string_view name) {
  const Value* value = find(name);
  if (!value) return std::nullopt;
  if (const std::int64_t* integer = value->find_integer()) return *integer;
  // 3.0 is an integer to writers that know only one kind of number.
  const auto number = value->number();
  if (number && std::nearbyint(*number) == *number && std::abs(*number) < 9e15)
    return static_cast<std::int64_t>(*number);
  refuse(name, "expected an integer");
  return std::nullopt;
}

std::int64_t Reader::integer(std::string_view name) {
  if (!find(name)) refuse(name, "missing");
  return find_integer(name).value_or(0);
}

std::optional<double> Reader::find_number(std::string_view name) {
  const Value* value = find(name);
  if (!value) return std::nullopt;
  if (const auto number = value->number()) return number;
  refuse(name, "expected a number");
  return std::nullopt;
}

double Reader::number(std::string_view name) {
  if (!find(name)) refuse(name, "missing");
  return find_number(name).value_or(0);
}

bool Reader::boolean(std::string_view name, bool otherwise) {
  const Value* value = find(name);
  if (!value) return otherwise;
  if (const bool* boolean = value->find_bool()) return *boolean;
  refuse(name, "expected true or false");
  return otherwise;
}

const Array& Reader::array(std::string_view name) {
  static const Array empty;
  const Value* value = find(name);
  if (!value) return empty;
  if (const Array* array = value->find_array()) return *array;
  refuse(name, "expected an array");
  return empty;
}

const Object& Reader::object(std::string_view name) {
  static const Object empty;
  const Value* value = find(name);
  if (!value) return empty;
  if (const Object* object = value->find_object()) return *object;
  refuse(name, "expected an object");
  return empty;
}

std::vector<std::string> Reader::unknown() const {
  std::vector<std::string> names;
  for (const auto& [name, value] : *object_)
    if (!asked_.contains(name)) names.push_back(name);
  return names;
}

}  // namespace greffe::json
