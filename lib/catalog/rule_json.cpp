#include "catalog/rule_json.h"

#include <algorithm>
#include <charconv>
#include <set>

#include "catalog/archive.h"
#include "fixity/signed_note.h"

namespace greffe::catalog {
namespace {

using retention::CutOff;
using retention::Mistake;
using retention::Policy;
using retention::Rule;

constexpr std::string_view Schema = "greffe.policy/1";
constexpr std::string_view Forever = "forever";
constexpr int MostDays = 3650;

// The fields of one object; what is wrong with them is collected, and reading goes on with the default.
class Fields {
 public:
  Fields(const json::Value& value, std::string place, std::vector<Mistake>& mistakes)
      : object_(value.find_object()), place_(std::move(place)), mistakes_(mistakes) {
    if (object_ == nullptr) mistakes_.push_back({place_.empty() ? "document" : place_, "expected an object"});
  }

  const json::Value* find(std::string_view name) {
    asked_.emplace(name);
    const json::Value* value = object_ != nullptr ? object_->find(name) : nullptr;
    return value != nullptr && !value->is_null() ? value : nullptr;
  }

  std::string text(std::string_view name, std::string otherwise = "") {
    const json::Value* value = find(name);
    if (value == nullptr) return otherwise;
    if (const std::string* text = value->find_text()) return *text;
    refuse(name, "expected text");
    return otherwise;
  }

  std::string required(std::string_view name) {
    const json::Value* value = find(name);
    const bool empty = value != nullptr && value->find_text() != nullptr && value->find_text()->empty();
    if (object_ != nullptr && (value == nullptr || empty)) refuse(name, "missing");
    return text(name);
  }

  bool boolean(std::string_view name, bool otherwise) {
    const json::Value* value = find(name);
    if (value == nullptr) return otherwise;
    if (const bool* boolean = value->find_bool()) return *boolean;
    refuse(name, "expected true or false");
    return otherwise;
  }

  int integer(std::string_view name, int otherwise, int least, int most) {
    const json::Value* value = find(name);
    if (value == nullptr) return otherwise;
    const std::int64_t* integer = value->find_integer();
    if (integer != nullptr && *integer >= least && *integer <= most) return static_cast<int>(*integer);
    refuse(name, fmt::format("expected a whole number from {} to {}", least, most));
    return otherwise;
  }

  std::vector<std::string> texts(std::string_view name) {
    std::vector<std::string> found;
    const json::Value* value = find(name);
    if (value == nullptr) return found;
    const json::Array* array = value->find_array();
    if (array == nullptr) refuse(name, "expected a list of texts");
    for (std::size_t i = 0; array != nullptr && i < array->size(); ++i) {
      if (const std::string* text = (*array)[i].find_text(); text != nullptr && !text->empty())
        found.push_back(*text);
      else
        refuse(fmt::format("{}[{}]", name, i), "expected text");
    }
    return found;
  }

  void refuse(std::string_view name, std::string why) {
    mistakes_.push_back(
        {place_.empty() ? std::string(name) : fmt::format("{}.{}", place_, name), std::move(why)});
  }

  // A field that is spelt wrong would be a rule that says something else than was meant.
  void refuse_unknown() {
    if (object_ == nullptr) return;
    for (const auto& [name, value] : *object_)
      if (!asked_.contains(name)) refuse(name, "no such field");
  }

 private:
  const json::Object* object_;
  std::string place_;
  std::vector<Mistake>& mistakes_;
  std::set<std::string, std::less<>> asked_;
};

// "03-31".
std::optional<std::chrono::month_day> parse_month_day(std::string_view text) {
  unsigned month = 0, day = 0;
  if (text.size() != 5 || text[2] != '-') return std::nullopt;
  const auto first = std::from_chars(text.data(), text.data() + 2, month);
  const auto second = std::from_chars(text.data() + 3, text.data() + 5, day);
  const std::chrono::month_day date{std::chrono::month(month), std::chrono::day(day)};
  const bool read = first.ptr == text.data() + 2 && second.ptr == text.data() + 5;
  return read && date.ok() ? std::optional(date) : std::nullopt;
}

std::string text_of(std::chrono::month_day date) {
  return fmt::format("{:02}-{:02}", static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

CutOff read_cut_off(Fields& rule, std::vector<Mistake>& mistakes, const std::string& place) {
  const json::Value* value = rule.find("cut_off");
  if (value == nullptr) return {};
  if (value->find_object() != nullptr) {
    Fields fields(*value, place + ".cut_off", mistakes);
    const auto end = parse_month_day(fields.required("fiscal_year_end"));
    if (!end) fields.refuse("fiscal_year_end", "expected a month and a day, such as 03-31");
    fields.refuse_unknown();
    return {.kind = CutOff::Kind::FiscalYear, .fiscal_end = end.value_or(CutOff{}.fiscal_end)};
  }
  const std::string* text = value->find_text();
  if (text != nullptr && *text == "year") return {.kind = CutOff::Kind::Year};
  if (text != nullptr && *text == "dossier") return {.kind = CutOff::Kind::Dossier};
  rule.refuse("cut_off", "expected \"year\", \"dossier\" or {\"fiscal_year_end\": \"03-31\"}");
  return {};
}

std::optional<Period> read_duration(Fields& fields) {
  const std::string text = fields.required("duration");
  if (text == Forever) return std::nullopt;
  if (const auto period = parse_period(text)) return *period;
  if (!text.empty())
    fields.refuse("duration",
                  fmt::format("\"{}\" is no duration such as P5Y, P1Y6M or P30D, nor \"forever\"", text));
  return Period{.months = 1, .days = 0};  // so that no other mistake is made of this one
}

bool is_event_name(std::string_view name) {
  return !name.empty() && name.front() >= 'a' && name.front() <= 'z' &&
         std::all_of(name.begin(), name.end(),
                     [](char c) { return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '_'; });
}

// "class" is one, "classes" are several.
std::vector<std::string> read_classes(Fields& fields) {
  std::vector<std::string> classes = fields.texts("classes");
  if (const std::string one = fields.text("class"); !one.empty()) {
    if (!classes.empty()) fields.refuse("class", "either \"class\" or \"classes\"");
    classes.push_back(one);
  }
  return classes;
}

Rule read_rule(const json::Value& value, const std::string& place, std::vector<Mistake>& mistakes) {
  Fields fields(value, place, mistakes);
  Rule rule;
  rule.id = fields.text("id");
  const std::string level = fields.required("level");
  if (const auto known = retention::find_level(level))
    rule.level = *known;
  else if (!level.empty())
    fields.refuse("level", fmt::format("\"{}\" is not floor, explicit, scoped, default or fallback", level));
  rule.classes = read_classes(fields);
  rule.producer = fields.text("producer");
  rule.meetings = fields.texts("meetings");
  for (std::size_t i = 0; i < rule.meetings.size(); ++i)
    if (!is_meeting_id(rule.meetings[i]))
      fields.refuse(fmt::format("meetings[{}]", i), fmt::format("\"{}\" is no meeting id", rule.meetings[i]));
  rule.query = fields.text("query");
  rule.retains = fields.boolean("retains", true);
  rule.duration = read_duration(fields);
  rule.start = fields.text("start", std::string(retention::MeetingEnded));
  if (!rule.start.empty() && !is_event_name(rule.start))
    fields.refuse("start", "the name of an event is small letters, digits and _");
  rule.cut_off = read_cut_off(fields, mistakes, place);
  if (const std::string action = fields.text("final_action"); !action.empty()) {
    rule.final_action = retention::find_final_action(action);
    if (!rule.final_action)
      fields.refuse("final_action", fmt::format("\"{}\" is not keep, destroy or review", action));
  }
  rule.destination = fields.text("destination");
  rule.approvers = fields.integer("approvers", 1, 1, retention::MostApprovers);
  rule.signed_approval = fields.boolean("signed_approval", false);
  if (fields.find("grace_days") != nullptr)
    rule.grace_days = fields.integer("grace_days", 1, 0, retention::MostGraceDays);
  rule.ingested_in_error = fields.boolean("ingested_in_error", false);
  rule.note = fields.text("note");
  fields.refuse_unknown();
  return rule;
}

retention::ApproverKey read_key(const json::Value& value, const std::string& place,
                                std::vector<Mistake>& mistakes) {
  Fields fields(value, place, mistakes);
  retention::ApproverKey key{.name = fields.required("name"), .public_key = fields.required("public_key")};
  if (!key.name.empty() && !fixity::is_key_name(key.name))
    fields.refuse("name", "the name of a key has no blanks and no +");
  if (!key.public_key.empty() && !fixity::public_key_of_base64(key.public_key))
    fields.refuse("public_key",
                  "no Ed25519 key as openssl pkey -pubout writes it, without its first and last line");
  fields.refuse_unknown();
  return key;
}

// Of a list that may be absent.
template <class Read>
auto read_items(Fields& fields, std::string_view name, std::string_view what, Read read_item,
                std::vector<Mistake>& mistakes) {
  std::vector<decltype(read_item(json::Value(), "", mistakes))> items;
  const json::Value* value = fields.find(name);
  if (value == nullptr) return items;
  const json::Array* array = value->find_array();
  if (array == nullptr) fields.refuse(name, fmt::format("expected a list of {}", what));
  for (std::size_t i = 0; array != nullptr && i < array->size(); ++i)
    items.push_back(read_item((*array)[i], fmt::format("{}[{}]", name, i), mistakes));
  return items;
}

// One place, one mistake: what could not be read is not judged as well.
void add_others(std::vector<Mistake>& mistakes, const std::vector<Mistake>& found) {
  std::set<std::string> places;
  for (const Mistake& mistake : mistakes) places.insert(mistake.place);
  for (const Mistake& mistake : found)
    if (!places.contains(mistake.place)) mistakes.push_back(mistake);
}

json::Value json_of(const CutOff& cut_off) {
  switch (cut_off.kind) {
    case CutOff::Kind::Year: return "year";
    case CutOff::Kind::Dossier: return "dossier";
    case CutOff::Kind::FiscalYear: return json::Object{{"fiscal_year_end", text_of(cut_off.fiscal_end)}};
    case CutOff::Kind::None: break;
  }
  return {};
}

json::Array array_of(const std::vector<std::string>& texts) { return {texts.begin(), texts.end()}; }

}  // namespace

ReadPolicy read_policy(const json::Value& value) {
  ReadPolicy read;
  Fields fields(value, "", read.mistakes);
  if (fields.find("schema") != nullptr && fields.text("schema") != Schema)
    fields.refuse("schema", fmt::format("expected \"{}\"", Schema));
  read.policy.version = fields.integer("version", 0, 1, 1'000'000);
  read.policy.terms.notice_days = fields.integer("notice_days", 30, 0, MostDays);
  read.policy.cooling_days = fields.integer("cooling_days", 30, 0, MostDays);
  read.policy.terms.grace_days = fields.integer("grace_days", 30, 1, retention::MostGraceDays);
  fields.text("note");
  read.policy.approver_keys = read_items(fields, "approver_keys", "keys", read_key, read.mistakes);
  const json::Value* rules = fields.find("rules");
  if (value.find_object() != nullptr && rules == nullptr) fields.refuse("rules", "expected a list of rules");
  read.policy.rules = read_items(fields, "rules", "rules", read_rule, read.mistakes);
  fields.refuse_unknown();
  add_others(read.mistakes, retention::mistakes_in(read.policy));
  return read;
}

json::Object json_of(const Rule& rule) {
  json::Object object{{"id", rule.id}, {"level", retention::name_of(rule.level)}};
  if (!rule.classes.empty()) object.set("classes", array_of(rule.classes));
  if (!rule.producer.empty()) object.set("producer", rule.producer);
  if (!rule.meetings.empty()) object.set("meetings", array_of(rule.meetings));
  if (!rule.query.empty()) object.set("query", rule.query);
  object.set("duration", rule.duration ? greffe::text_of(*rule.duration) : std::string(Forever));
  object.set("start", rule.start);
  if (rule.cut_off.kind != CutOff::Kind::None) object.set("cut_off", json_of(rule.cut_off));
  object.set("retains", rule.retains);
  if (rule.final_action) object.set("final_action", retention::name_of(*rule.final_action));
  if (!rule.destination.empty()) object.set("destination", rule.destination);
  object.set("approvers", rule.approvers);
  if (rule.signed_approval) object.set("signed_approval", true);
  if (rule.grace_days) object.set("grace_days", *rule.grace_days);
  if (rule.ingested_in_error) object.set("ingested_in_error", true);
  if (!rule.note.empty()) object.set("note", rule.note);
  return object;
}

json::Object json_of(const Policy& policy) {
  json::Array rules;
  for (const Rule& rule : policy.rules) rules.push_back(json_of(rule));
  json::Object object{{"schema", Schema},
                      {"version", policy.version},
                      {"notice_days", policy.terms.notice_days},
                      {"cooling_days", policy.cooling_days},
                      {"grace_days", policy.terms.grace_days}};
  json::Array keys;
  for (const retention::ApproverKey& key : policy.approver_keys)
    keys.push_back(json::Object{{"name", key.name}, {"public_key", key.public_key}});
  if (!keys.empty()) object.set("approver_keys", std::move(keys));
  object.set("rules", std::move(rules));
  return object;
}

Result<Policy> parse_policy(std::string_view text) {
  GREFFE_TRY(const json::Value value, json::parse(text));
  ReadPolicy read = read_policy(value);
  if (!read.mistakes.empty())
    return fail("{}", text_of(read.mistakes.size() == 1 ? "1 mistake"
                                                        : fmt::format("{} mistakes", read.mistakes.size()),
                              read.mistakes));
  return std::move(read.policy);
}

std::string text_of(const Policy& policy) { return json::write(json_of(policy), json::Style::Indented); }

std::string text_of(std::string_view title, const std::vector<Mistake>& mistakes) {
  std::string text(title);
  for (const Mistake& mistake : mistakes) text += fmt::format("\n  {}: {}", mistake.place, mistake.text);
  return text;
}

}  // namespace greffe::catalog
