// The text of tag files: its encoding (RFC 8493 §2.1.1), its lines, and bagit.txt, which declares both.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "package/bag_finding.h"

namespace greffe::package {

struct BagVersion {
  unsigned major = 1;
  unsigned minor = 0;
  auto operator<=>(const BagVersion&) const = default;
  std::string text() const;
};
inline constexpr BagVersion OldestVersion{0, 93};
inline constexpr BagVersion NewestVersion{1, 0};

enum class TagEncoding : std::uint8_t { Utf8, Ascii, Latin1, Utf16, Utf16BigEndian, Utf16LittleEndian };

struct BagDeclaration {
  BagVersion version;
  TagEncoding encoding = TagEncoding::Utf8;
  std::string encoding_name = "UTF-8";  // as it was declared
};

// Reads bagit.txt. What is wrong with it is added to `findings`; version 1.0 and UTF-8 stand for what cannot
// be read, so that the rest of the bag can be looked at.
BagDeclaration parse_declaration(std::string_view bytes, BagFindings& findings);
// As version 1.0 wants it, in UTF-8.
std::string declaration_text();

// `bytes` of the tag file `name` as UTF-8. What is not in the encoding becomes U+FFFD and a finding.
std::string tag_text(std::string bytes, TagEncoding encoding, const std::string& name, BagFindings& findings);
// Takes the first line off `text`, which ends in LF, CR or CRLF, and gives it without its end; nullopt: there
// is none, nor behind the last end.
std::optional<std::string_view> take_line(std::string_view& text);

bool is_blank(char c);  // a space or tab, which the RFC calls linear whitespace
std::string_view without_blanks(std::string_view text);

}  // namespace greffe::package
