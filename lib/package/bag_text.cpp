#include "package/bag_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "base/parse.h"
#include "base/text.h"

namespace greffe::package {
namespace {

constexpr std::string_view Utf8Mark = "\xEF\xBB\xBF";
constexpr std::string_view VersionLabel = "BagIt-Version";
constexpr std::string_view EncodingLabel = "Tag-File-Character-Encoding";
constexpr std::string_view DeclarationName = "bagit.txt";
constexpr std::size_t LongestDeclaration = 1 << 16;

struct NamedEncoding {
  std::string_view name;
  TagEncoding encoding;
};
constexpr std::array<NamedEncoding, 8> Encodings{{{"utf-8", TagEncoding::Utf8},
                                                  {"utf8", TagEncoding::Utf8},
                                                  {"us-ascii", TagEncoding::Ascii},
                                                  {"iso-8859-1", TagEncoding::Latin1},
                                                  {"utf-16", TagEncoding::Utf16},
                                                  {"utf-16be", TagEncoding::Utf16BigEndian},
                                                  {"utf-16le", TagEncoding::Utf16LittleEndian},
                                                  {"ascii", TagEncoding::Ascii}}};

std::optional<BagVersion> version_of(std::string_view text) {
  const auto dot = text.find('.');
  if (dot == std::string_view::npos || dot == 0 || dot + 1 == text.size()) return std::nullopt;
  const auto major = find_number<unsigned>(text.substr(0, dot));
  const auto minor = find_number<unsigned>(text.substr(dot + 1));
  if (!major || !minor) return std::nullopt;
  return BagVersion{*major, *minor};
}

// "Label: value" of bagit.txt, where nothing may stand before the colon.
std::optional<std::string_view> declared(std::string_view line, std::string_view label, int number,
                                         BagFindings& findings) {
  const std::string place = fmt::format("{}: line {}", DeclarationName, number);
  const auto colon = line.find(':');
  if (colon == std::string_view::npos || without_blanks(line.substr(0, colon)) != label) {
    findings.add(Grade::NoBag, reason::BadDeclaration, place,
                 fmt::format("\"{}\" where \"{}: …\" is due", printable(line), label));
    return std::nullopt;
  }
  if (line.substr(0, colon) != label)
    findings.add(Grade::NoBag, reason::BadDeclaration, place, "a blank before the colon or the label");
  const std::string_view rest = line.substr(colon + 1);
  if (rest.empty() || !is_blank(rest.front()))
    findings.add(Grade::Warning, reason::BadLabel, place, "no blank behind the colon");
  return without_blanks(rest);
}

void read_version(std::string_view line, BagDeclaration& declaration, BagFindings& findings) {
  const auto value = declared(line, VersionLabel, 1, findings);
  if (!value) return;
  const auto version = version_of(*value);
  if (!version)
    findings.add(Grade::NoBag, reason::BadDeclaration, "bagit.txt: line 1",
                 fmt::format("\"{}\" is no version such as 1.0", printable(*value)));
  else if (*version < OldestVersion || *version > NewestVersion)
    findings.add(Grade::NoBag, reason::UnknownVersion, "bagit.txt: line 1",
                 fmt::format("version {}; known are {} to {}", version->text(), OldestVersion.text(),
                             NewestVersion.text()));
  else
    declaration.version = *version;
}

void read_encoding(std::string_view line, BagDeclaration& declaration, BagFindings& findings) {
  const auto value = declared(line, EncodingLabel, 2, findings);
  if (!value) return;
  declaration.encoding_name = printable(*value);
  const std::string name = lower_case(*value);
  const auto known =
      std::find_if(Encodings.begin(), Encodings.end(), [&](const auto& one) { return one.name == name; });
  if (known == Encodings.end()) {
    findings.add(
        Grade::NoBag, reason::UnknownEncoding, "bagit.txt: line 2",
        fmt::format("\"{}\": known are UTF-8, UTF-16, ISO-8859-1 and US-ASCII", declaration.encoding_name));
    return;
  }
  declaration.encoding = known->encoding;
  if (declaration.version >= NewestVersion && declaration.encoding != TagEncoding::Utf8)
    findings.add(Grade::Warning, reason::UnknownEncoding, "bagit.txt: line 2",
                 declaration.encoding_name + ": a bag of version 1.0 should have UTF-8");
}

std::string of_latin1(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) append_utf8(text, static_cast<unsigned char>(byte));
  return text;
}

// Marks of byte order decide, else the higher octet comes first (RFC 2781 §4.3).
std::string of_utf16(std::string_view bytes, bool little, bool& is_good) {
  std::string text;
  const auto unit = [&](std::size_t at) {
    const auto first = static_cast<unsigned char>(bytes[at]),
               second = static_cast<unsigned char>(bytes[at + 1]);
    return static_cast<char32_t>(little ? second << 8 | first : first << 8 | second);
  };
  const auto is_in = [](char32_t value, char32_t from) { return value >= from && value < from + 0x400; };
  std::size_t at = 0;
  while (at + 1 < bytes.size()) {
    char32_t point = unit(at);
    at += 2;
    const bool is_pair = is_in(point, 0xD800) && at + 1 < bytes.size() && is_in(unit(at), 0xDC00);
    if (is_pair) {
      point = 0x10000 + ((point - 0xD800) << 10) + (unit(at) - 0xDC00);
      at += 2;
    } else if (is_in(point, 0xD800) || is_in(point, 0xDC00)) {
      point = 0xFFFD;
      is_good = false;
    }
    append_utf8(text, point);
  }
  if (at != bytes.size()) is_good = false;
  return text;
}

std::string of_any_utf16(std::string_view bytes, TagEncoding encoding, bool& is_good) {
  bool little = encoding == TagEncoding::Utf16LittleEndian;
  const bool little_mark = bytes.starts_with("\xFF\xFE"), big_mark = bytes.starts_with("\xFE\xFF");
  if (little_mark || big_mark) {
    little = little_mark;
    bytes.remove_prefix(2);
  }
  return of_utf16(bytes, little, is_good);
}

}  // namespace

std::string BagVersion::text() const { return fmt::format("{}.{}", major, minor); }

bool is_blank(char c) { return c == ' ' || c == '\t'; }

std::string_view without_blanks(std::string_view text) {
  while (!text.empty() && is_blank(text.front())) text.remove_prefix(1);
  while (!text.empty() && is_blank(text.back())) text.remove_suffix(1);
  return text;
}

std::optional<std::string_view> take_line(std::string_view& text) {
  if (text.empty()) return std::nullopt;
  const auto end = std::min(text.find_first_of("\r\n"), text.size());
  const std::string_view line = text.substr(0, end);
  text.remove_prefix(end);
  if (text.starts_with("\r\n"))
    text.remove_prefix(2);
  else if (!text.empty())
    text.remove_prefix(1);
  return line;
}

std::string declaration_text() { return "BagIt-Version: 1.0\nTag-File-Character-Encoding: UTF-8\n"; }

BagDeclaration parse_declaration(std::string_view bytes, BagFindings& findings) {
  BagDeclaration declaration;
  const std::string place(DeclarationName);
  if (bytes.starts_with(Utf8Mark) || bytes.starts_with("\xFF\xFE") || bytes.starts_with("\xFE\xFF")) {
    findings.add(Grade::NoBag, reason::ByteOrderMark, place, "begins with a byte order mark");
    bytes.remove_prefix(bytes.starts_with(Utf8Mark) ? Utf8Mark.size() : 2);
  }
  bytes = bytes.substr(0, LongestDeclaration);
  if (!is_valid_utf8(bytes)) findings.add(Grade::NoBag, reason::BadText, place, "is not UTF-8");
  std::vector<std::string_view> lines;
  while (const auto line = take_line(bytes)) lines.push_back(*line);
  // Blank lines behind the two are no harm.
  while (!lines.empty() && without_blanks(lines.back()).empty()) lines.pop_back();
  if (lines.size() != 2)
    findings.add(Grade::NoBag, reason::BadDeclaration, place,
                 fmt::format("has {} lines instead of two", lines.size()));
  if (!lines.empty()) read_version(lines[0], declaration, findings);
  if (lines.size() > 1) read_encoding(lines[1], declaration, findings);
  return declaration;
}

std::string tag_text(std::string held, TagEncoding encoding, const std::string& name, BagFindings& findings) {
  std::string_view bytes = held;
  bool is_good = true;
  std::string text;
  switch (encoding) {
    case TagEncoding::Latin1: text = of_latin1(bytes); break;
    case TagEncoding::Utf16:
    case TagEncoding::Utf16BigEndian:
    case TagEncoding::Utf16LittleEndian: text = of_any_utf16(bytes, encoding, is_good); break;
    case TagEncoding::Ascii:
      is_good = std::all_of(bytes.begin(), bytes.end(), [](char c) { return (c & 0x80) == 0; });
      text = valid_utf8(bytes);
      break;
    case TagEncoding::Utf8:
      if (bytes.starts_with(Utf8Mark)) {
        findings.add(Grade::Invalid, reason::ByteOrderMark, name, "begins with a byte order mark");
        bytes.remove_prefix(Utf8Mark.size());
      }
      is_good = is_valid_utf8(bytes);
      if (is_good && bytes.size() == held.size()) return held;
      text = valid_utf8(bytes);
  }
  if (!is_good)
    findings.add(Grade::Invalid, reason::BadText, name, "is not in the encoding that bagit.txt declares");
  return text;
}

}  // namespace greffe::package
