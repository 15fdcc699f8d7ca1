#include "json/value.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>
#include <optional>

#include "base/text.h"

namespace greffe::json {

Object::Object(std::initializer_list<Member> members) : members_(members) {}

const Value* Object::find(std::string_view name) const {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const auto& member) { return member.first == name; });
  return found == members_.end() ? nullptr : &found->second;
}

bool Object::operator==(const Object& other) const { return members_ == other.members_; }

Object& Object::set(std::string_view name, Value value) {
  const auto found = std::find_if(members_.begin(), members_.end(),
                                  [&](const auto& member) { return member.first == name; });
  if (found != members_.end())
    found->second = std::move(value);
  else
    members_.emplace_back(std::string(name), std::move(value));
  return *this;
}

bool Object::erase(std::string_view name) {
  return std::erase_if(members_, [&](const auto& member) { return member.first == name; }) > 0;
}

std::optional<double> Value::number() const {
  if (const auto* integer = find_integer()) return static_cast<double>(*integer);
  if (const auto* real = std::get_if<double>(&data_)) return *real;
  return std::nullopt;
}

class Writer {
 public:
  explicit Writer(Style style) : style_(style) {}

  void write(const Value& value, int level) {
    std::visit([&](const auto& held) { write_held(held, level); }, value.data_);
  }
  std::string text;

 private:
  void write_held(std::monostate, int) { text += "null"; }
  void write_held(bool value, int) { text += value ? "true" : "false"; }
  void write_held(std::int64_t value, int) { fmt::format_to(std::back_inserter(text), "{}", value); }
  void write_held(double value, int) { write_real(value); }
  void write_held(const std::string& value, int) { write_text(value); }

  // ECMAScript's Number::toString, which RFC 8785 §3.2.2.3 asks for.
  void write_real(double value) {
    if (!std::isfinite(value)) {
      text += "null";
      return;
    }
    if (value == 0) {
      text += "0";
      return;
    }
    std::array<char, 40> digits{};
    const auto end =
        std::to_chars(digits.data(), digits.data() + digits.size(), value, std::chars_format::scientific).ptr;
    const std::string_view whole(digits.data(), static_cast<std::size_t>(end - digits.data()));
    const auto e = whole.find('e');
    std::string mantissa(whole.substr(0, e));
    int exponent = 0;
    const std::string_view exponent_text = whole.substr(e + (whole[e + 1] == '+' ? 2 : 1));
    std::from_chars(exponent_text.data(), exponent_text.data() + exponent_text.size(), exponent);
    if (mantissa.front() == '-') {
      text += '-';
      mantissa.erase(0, 1);
    }
    std::erase(mantissa, '.');
    const int count = static_cast<int>(mantissa.size());
    if (exponent >= 21 || exponent < -6) {
      text += mantissa.substr(0, 1);
      if (count > 1) text += "." + mantissa.substr(1);
      text += fmt::format("e{}{}", exponent < 0 ? "-" : "+", std::abs(exponent));
    } else if (exponent < 0) {
      text += "0." + std::string(static_cast<std::size_t>(-exponent - 1), '0') + mantissa;
    } else if (count <= exponent + 1) {
      text += mantissa + std::string(static_cast<std::size_t>(exponent + 1 - count), '0');
    } else {
      text += mantissa.substr(0, static_cast<std::size_t>(exponent + 1)) + "." +
              mantissa.substr(static_cast<std::size_t>(exponent + 1));
    }
  }

  // RFC 8259 §8.1: nothing but UTF-8 leaves this program, though names of files may be any bytes.
  void write_text(std::string_view value) {
    if (!is_valid_utf8(value)) return write_text(valid_utf8(value));
    text += '"';
    for (const char c : value) {
      switch (c) {
        case '"': text += "\\\""; break;
        case '\\': text += "\\\\"; break;
        case '\n': text += "\\n"; break;
        case '\r': text += "\\r"; break;
        case '\t': text += "\\t"; break;
        case '\b': text += "\\b"; break;
        case '\f': text += "\\f"; break;
        default:
          if (static_cast<unsigned char>(c) < 0x20)
            text += fmt::format("\\u{:04x}", static_cast<unsigned>(c));
          else
            text += c;
      }
    }
    text += '"';
  }

  void new_line(int level) {
    if (style_ != Style::Indented) return;
    text += '\n';
    text.append(static_cast<std::size_t>(2 * level), ' ');
  }

  static bool is_plain(const Value& value) {
    return !value.find_object() && !value.find_array() && !value.find_text();
  }
  static bool on_one_line(const Array& array) {
    return std::all_of(array.begin(), array.end(), [](const Value& item) {
      const Array* inner = item.find_array();
      return is_plain(item) || (inner && std::all_of(inner->begin(), inner->end(), is_plain));
    });
  }

  void write_held(const Array& array, int level) {
    const bool one_line = style_ == Style::Indented && on_one_line(array);
    text += '[';
    for (std::size_t i = 0; i < array.size(); ++i) {
      if (i > 0) text += one_line ? ", " : ",";
      if (!one_line) new_line(level + 1);
      write(array[i], level + 1);
    }
    if (!one_line && !array.empty()) new_line(level);
    text += ']';
  }

  void write_held(const Object& object, int level) {
    using Member = std::pair<std::string, Value>;
    std::vector<const Member*> members;
    for (const Member& member : object) members.push_back(&member);
    if (style_ == Style::Canonical)
      std::sort(members.begin(), members.end(),
                [](const Member* a, const Member* b) { return utf16_less(a->first, b->first); });
    text += '{';
    bool first = true;
    for (const Member* member : members) {
      if (!first) text += ',';
      first = false;
      new_line(level + 1);
      write_text(member->first);
      text += style_ == Style::Indented ? ": " : ":";
      write(member->second, level + 1);
    }
    if (!members.empty()) new_line(level);
    text += '}';
  }

  // Order by UTF-16 code units (RFC 8785 §3.2.3): surrogates sort below U+E000 … U+FFFF.
  static bool utf16_less(const std::string& a, const std::string& b) {
    const auto key = [](const std::string& name) {
      std::u16string units;
      for (const char32_t c : code_points(name)) {
        if (c < 0x10000) {
          units.push_back(static_cast<char16_t>(c));
        } else {
          units.push_back(static_cast<char16_t>(0xD800 + ((c - 0x10000) >> 10)));
          units.push_back(static_cast<char16_t>(0xDC00 + ((c - 0x10000) & 0x3FF)));
        }
      }
      return units;
    };
    return key(a) < key(b);
  }

  Style style_;
};

void append(std::string& text, const Value& value, Style style, int level) {
  Writer writer(style);
  writer.text = std::move(text);
  writer.write(value, level);
  text = std::move(writer.text);
}

std::string write(const Value& value, Style style) {
  std::string text;
  append(text, value, style, 0);
  if (style == Style::Indented) text += '\n';
  return text;
}

}  // namespace greffe::json
