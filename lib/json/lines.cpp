#include "json/lines.h"

#include <algorithm>
#include <set>

namespace greffe::json {
namespace {

// "scenes[3].tiles[1]" → "scenes[3].tiles" → … → "", the whole document.
std::string_view parent_of(std::string_view place) {
  const auto cut = place.find_last_of(".[");
  return cut == std::string_view::npos ? std::string_view{} : place.substr(0, cut);
}

// Walks a text once and keeps the lines of the places that are asked for. Names with escapes are told as they
// stand in the text.
class Walk {
 public:
  Walk(std::string_view text, const std::set<std::string, std::less<>>& wanted)
      : text_(text), wanted_(wanted) {}

  std::map<std::string, int, std::less<>> found() {
    while (at_ < text_.size()) step();
    return std::move(found_);
  }

 private:
  struct Open {
    bool array = false;
    std::size_t place_size = 0;  // of the container itself, in place_
    std::size_t index = 0;       // of the item at hand
  };

  void step() {
    const char c = text_[at_];
    switch (c) {
      case '\n': ++line_; break;
      case ' ':
      case '\t':
      case '\r': break;
      case '{':
      case '[':
        begin();
        open_.push_back({c == '[', place_.size(), 0});
        enter_item();
        break;
      case '}':
      case ']': leave(); break;
      case ',':
        if (!open_.empty()) ++open_.back().index;
        enter_item();
        break;
      case ':': at_name_ = false; break;
      case '"': string(); return;
      default:
        begin();
        while (at_ + 1 < text_.size() &&
               std::string_view(",]} \t\r\n").find(text_[at_ + 1]) == std::string_view::npos)
          ++at_;
    }
    ++at_;
  }

  // A value begins here.
  void begin() {
    if (at_name_) return;
    if (const auto known = wanted_.find(place_); known != wanted_.end()) found_.emplace(*known, line_);
  }

  void enter_item() {
    if (open_.empty()) return;
    place_.resize(open_.back().place_size);
    at_name_ = !open_.back().array;
    if (open_.back().array) place_ += '[' + std::to_string(open_.back().index) + ']';
  }

  void leave() {
    if (open_.empty()) return;
    place_.resize(open_.back().place_size);
    open_.pop_back();
    at_name_ = false;
  }

  void string() {
    const std::size_t start = ++at_;
    while (at_ < text_.size() && text_[at_] != '"') at_ += text_[at_] == '\\' ? 2 : 1;
    const std::string_view name = text_.substr(start, std::min(at_, text_.size()) - start);
    ++at_;
    if (!at_name_) return begin();
    if (!place_.empty()) place_ += '.';
    place_ += name;
  }

  std::string_view text_;
  const std::set<std::string, std::less<>>& wanted_;
  std::map<std::string, int, std::less<>> found_;
  std::vector<Open> open_;
  std::string place_;
  std::size_t at_ = 0;
  int line_ = 1;
  bool at_name_ = false;
};

}  // namespace

std::map<std::string, int> lines_of(std::string_view text, const std::vector<std::string>& places) {
  std::set<std::string, std::less<>> wanted;
  for (const std::string& place : places)
    for (std::string_view part = place; !part.empty() && wanted.emplace(part).second;) part = parent_of(part);
  const auto found = Walk(text, wanted).found();
  std::map<std::string, int> lines;
  for (const std::string& place : places) {
    int line = 1;
    for (std::string_view part = place; !part.empty(); part = parent_of(part))
      if (const auto known = found.find(part); known != found.end()) {
        line = known->second;
        break;
      }
    lines.emplace(place, line);
  }
  return lines;
}

}  // namespace greffe::json
