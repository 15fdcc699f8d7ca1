#include "catalog/meeting_query.h"

#include <algorithm>
#include <array>
#include <optional>

#include "base/text.h"
#include "catalog/fts.h"

namespace greffe::catalog {

struct MeetingQuery::Node {
  enum class Kind : std::uint8_t { All, Any, Not, Term };
  Kind kind = Kind::Term;
  std::vector<std::shared_ptr<const Node>> parts;
  QueryField field = QueryField::Text;
  std::string value;
  std::int64_t instant_ms = 0;  // of From and Until: the first that is in, the first that is out
};

namespace {

using Node = MeetingQuery::Node;
using NodePtr = std::shared_ptr<const Node>;

constexpr std::size_t LongestQuery = 4096;
constexpr int DeepestQuery = 32;

struct FieldName {
  QueryField field;
  std::string_view name;
};
constexpr std::array FieldNames{FieldName{QueryField::Text, "text"},
                                FieldName{QueryField::Title, "title"},
                                FieldName{QueryField::Participant, "participant"},
                                FieldName{QueryField::Id, "id"},
                                FieldName{QueryField::Class, "class"},
                                FieldName{QueryField::Origin, "origin"},
                                FieldName{QueryField::From, "from"},
                                FieldName{QueryField::Until, "until"}};

std::string_view name_of(QueryField field) {
  return std::find_if(FieldNames.begin(), FieldNames.end(),
                      [&](const FieldName& known) { return known.field == field; })
      ->name;
}

bool is_word(std::string_view text, std::string_view capitals) {
  const auto upper = [](char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; };
  return std::ranges::equal(text, capitals, {}, upper);
}

std::int64_t unix_ms(WallTime time) { return whole_ms(time.time_since_epoch()); }

// any := all {"OR" all};  all := one {one};  one := ["-" | "NOT"] ("(" any ")" | term)
class Parser {
 public:
  Parser(std::string_view text, const TimeZone& zone, QueryAge age) : text_(text), zone_(zone), age_(age) {}

  Result<NodePtr> parse() {
    GREFFE_TRY(NodePtr root, any());
    skip_space();
    if (at_ < text_.size()) return refuse("a \")\" without its \"(\"");
    return root;
  }

 private:
  tl::unexpected<Error> refuse(std::string_view why) const {
    return fail(ErrorKind::Usage, "query \"{}\": character {}: {}", text_, at_ + 1, why);
  }

  void skip_space() {
    while (at_ < text_.size() && (text_[at_] == ' ' || text_[at_] == '\t' || text_[at_] == '\n')) ++at_;
  }
  // The keyword, as a word of its own.
  bool takes(std::string_view keyword) {
    skip_space();
    const std::string_view rest = text_.substr(at_);
    const bool ends =
        rest.size() == keyword.size() ||
        (rest.size() > keyword.size() && (rest[keyword.size()] == ' ' || rest[keyword.size()] == '('));
    if (!rest.starts_with(keyword) || !ends) return false;
    at_ += keyword.size();
    return true;
  }
  bool ends_all() {
    skip_space();
    if (at_ == text_.size() || text_[at_] == ')') return true;
    const std::size_t before = at_;
    const bool is_or = takes("OR");
    at_ = before;
    return is_or;
  }

  static NodePtr joined(Node::Kind kind, std::vector<NodePtr> parts) {
    if (parts.size() == 1) return parts.front();
    auto node = std::make_shared<Node>();
    node->kind = kind;
    node->parts = std::move(parts);
    return node;
  }

  Result<NodePtr> any() {
    std::vector<NodePtr> parts;
    do {
      GREFFE_TRY(NodePtr part, all());
      parts.push_back(std::move(part));
    } while (takes("OR"));
    return joined(Node::Kind::Any, std::move(parts));
  }

  Result<NodePtr> all() {
    std::vector<NodePtr> parts;
    while (!ends_all()) {
      GREFFE_TRY(NodePtr part, one());
      parts.push_back(std::move(part));
    }
    if (parts.empty()) return refuse("a term is missing here");
    return joined(Node::Kind::All, std::move(parts));
  }

  Result<NodePtr> one() {
    const bool minus = text_[at_] == '-';
    if (minus) ++at_;
    if (minus || takes("NOT")) {
      skip_space();
      if (at_ == text_.size()) return refuse("a term is missing here");
      auto node = std::make_shared<Node>();
      node->kind = Node::Kind::Not;
      GREFFE_TRY(NodePtr part, one());
      node->parts.push_back(std::move(part));
      return node;
    }
    if (text_[at_] != '(') return term();
    if (++depth_ > DeepestQuery) return refuse("too many parentheses");
    ++at_;
    GREFFE_TRY(NodePtr inside, any());
    skip_space();
    if (at_ == text_.size()) return refuse("a \"(\" without its \")\"");
    ++at_;
    --depth_;
    return inside;
  }

  Result<NodePtr> term() {
    auto node = std::make_shared<Node>();
    const std::size_t start = at_;
    if (age_ == QueryAge::New) GREFFE_CHECK(check_word());
    GREFFE_TRY(node->field, field());
    GREFFE_TRY(node->value, value());
    if (node->field == QueryField::From || node->field == QueryField::Until) {
      const auto date = parse_date(node->value);
      if (!date) {
        at_ = start;
        return refuse(date.error().message());
      }
      node->instant_ms = unix_ms(zone_.start_of(node->field == QueryField::From ? *date : next_day(*date)));
    } else if (node->field <= QueryField::Participant && !has_word(node->value)) {
      at_ = start;
      return refuse("no word to look for");
    }
    return node;
  }

  // Who writes what other languages have means it so, not as a word to look for.
  Status check_word() const {
    const std::string_view word = text_.substr(at_, text_.find_first_of(" \t\n()\"", at_) - at_);
    if (is_word(word, "AND"))
      return refuse("terms side by side must all be met; write \"and\" in quotes to look for the word");
    if (is_word(word, "OR") || is_word(word, "NOT"))
      return refuse("OR and NOT are written in capitals; write the word in quotes to look for it");
    if (word.starts_with('@')) return refuse("a saved query, @NAME, stands alone");
    return {};
  }

  // "title:", or nothing.
  Result<QueryField> field() {
    std::size_t end = at_;
    while (end < text_.size() && ((text_[end] >= 'a' && text_[end] <= 'z') || text_[end] == '_')) ++end;
    if (end == at_ || end == text_.size() || text_[end] != ':') return QueryField::Text;
    const std::string_view name = text_.substr(at_, end - at_);
    for (const FieldName& known : FieldNames) {
      if (known.name != name) continue;
      at_ = end + 1;
      return known.field;
    }
    std::string names;
    for (const FieldName& known : FieldNames)
      names += fmt::format("{}{}", names.empty() ? "" : ", ", known.name);
    return refuse(fmt::format("no field \"{}\"; there are {}", name, names));
  }

  Result<std::string> value() {
    if (at_ < text_.size() && text_[at_] == '"') {
      const std::size_t end = text_.find('"', at_ + 1);
      if (end == std::string_view::npos) return refuse("a quote that does not end");
      std::string quoted(text_.substr(at_ + 1, end - at_ - 1));
      at_ = end + 1;
      return quoted;
    }
    const std::size_t end = std::min(text_.find_first_of(" \t\n()\"", at_), text_.size());
    if (end == at_) return refuse("a value is missing here");
    std::string word(text_.substr(at_, end - at_));
    at_ = end;
    return word;
  }

  std::string_view text_;
  const TimeZone& zone_;
  const QueryAge age_;
  std::size_t at_ = 0;
  int depth_ = 0;
};

json::Value json_of(const Node& node) {
  json::Array parts;
  for (const NodePtr& part : node.parts) parts.push_back(json_of(*part));
  switch (node.kind) {
    case Node::Kind::All: return json::Object{{"all", std::move(parts)}};
    case Node::Kind::Any: return json::Object{{"any", std::move(parts)}};
    case Node::Kind::Not: return json::Object{{"not", std::move(parts.front())}};
    case Node::Kind::Term: break;
  }
  return json::Object{{"field", name_of(node.field)}, {"value", node.value}};
}

// Cues of one meeting are numbered in a row: so its words are a stretch of the index.
constexpr std::string_view OwnCues =
    " AND cue_words.rowid BETWEEN (SELECT min(number) FROM cues WHERE meeting = m.id)"
    " AND (SELECT max(number) FROM cues WHERE meeting = m.id)";

class Builder {
 public:
  explicit Builder(bool one_meeting) : one_meeting_(one_meeting) {}

  SqlCondition build(const Node& node) {
    add(node);
    return std::move(condition_);
  }

 private:
  void text(std::string_view sql) { condition_.sql += sql; }
  void bind(json::Value value) { condition_.values.push_back(std::move(value)); }

  void add(const Node& node) {
    if (node.kind == Node::Kind::Term) return add_term(node);
    if (node.kind == Node::Kind::Not) text("NOT ");
    text("(");
    for (std::size_t i = 0; i < node.parts.size(); ++i) {
      if (i > 0) text(node.kind == Node::Kind::Any ? " OR " : " AND ");
      add(*node.parts[i]);
    }
    text(")");
  }

  void add_term(const Node& node) {
    switch (node.field) {
      case QueryField::Text: return add_cues(node.value);
      case QueryField::Title: return add_words("title", node.value, false);
      case QueryField::Participant: return add_words("people", node.value, true);
      case QueryField::Id:
        text("m.id >= ? AND m.id < ?");
        bind(node.value);
        return bind(node.value + "\x7f");
      case QueryField::Class: text("m.class = ?"); return bind(node.value);
      case QueryField::Origin: text("m.origin = ?"); return bind(node.value);
      case QueryField::From: text("m.start_unix_ms >= ?"); return bind(node.instant_ms);
      case QueryField::Until: text("m.start_unix_ms < ?"); return bind(node.instant_ms);
    }
  }

  void add_cues(const std::string& value) {
    if (one_meeting_) {
      text("EXISTS (SELECT 1 FROM cue_words WHERE cue_words MATCH ?");
      text(OwnCues);
      text(")");
    } else {
      text(
          "m.id IN (SELECT meeting FROM cues WHERE number IN (SELECT rowid FROM cue_words WHERE cue_words "
          "MATCH ?))");
    }
    bind(fts_phrase(valid_utf8(value)));
  }

  void add_words(std::string_view column, const std::string& value, bool or_id) {
    if (or_id) text("(");
    text(
        "m.id IN (SELECT n.meeting FROM meeting_words w JOIN meeting_numbers n ON n.number = w.rowid"
        " WHERE meeting_words MATCH ?");
    bind(fmt::format("{} : {}", column, fts_phrase(valid_utf8(value))));
    if (one_meeting_) text(" AND w.rowid = (SELECT number FROM meeting_numbers WHERE meeting = m.id)");
    text(")");
    if (!or_id) return;
    text(" OR m.id IN (SELECT meeting FROM participants WHERE id = ?))");
    bind(value);
  }

  bool one_meeting_;
  SqlCondition condition_;
};

}  // namespace

Result<MeetingQuery> MeetingQuery::parse(std::string_view text, const TimeZone& zone, QueryAge age) {
  if (text.size() > LongestQuery)
    return fail(ErrorKind::Usage, "a query of {} bytes: at most {}", text.size(), LongestQuery);
  GREFFE_TRY(NodePtr root, Parser(text, zone, age).parse());
  return MeetingQuery(std::string(text), std::move(root));
}

json::Value MeetingQuery::parsed() const { return json_of(*root_); }

SqlCondition MeetingQuery::condition() const { return Builder(false).build(*root_); }

SqlCondition MeetingQuery::condition_for(std::string_view meeting) const {
  SqlCondition condition = Builder(true).build(*root_);
  condition.sql = fmt::format("m.id = ? AND ({})", condition.sql);
  condition.values.insert(condition.values.begin(), json::Value(std::string(meeting)));
  return condition;
}

}  // namespace greffe::catalog
