#include "package/bag_manifest.h"

#include <fmt/format.h>

#include <algorithm>

#include "base/parse.h"
#include "base/text.h"
#include "package/bag_path.h"

namespace greffe::package {
namespace {

constexpr std::string_view Payload = "data/";

bool is_hex_digit(char c) {
  return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

std::string place_of(std::string_view file, int number) { return fmt::format("{}: line {}", file, number); }

// The first word of a line, which is cut off with the blanks behind it.
std::string_view take_word(std::string_view& line) {
  const auto end = std::min(line.find_first_of(" \t"), line.size());
  const std::string_view word = line.substr(0, end);
  line.remove_prefix(end);
  while (!line.empty() && is_blank(line.front())) line.remove_prefix(1);
  return word;
}

std::string_view why_unsafe(std::string_view unsafe) {
  if (unsafe == reason::AbsolutePath) return "an absolute path";
  if (unsafe == reason::HomePath) return "a path that begins with ~";
  return "a path with .., . or an empty part";
}

// A path of a list, checked: safe, and below data/ where it is to be.
bool is_allowed(const std::string& path, ListKind kind, const std::string& place, BagFindings& findings) {
  if (const auto unsafe = unsafe_path(path)) {
    findings.add(Grade::Invalid, *unsafe, place, fmt::format("{}: {}", printable(path), why_unsafe(*unsafe)));
    return false;
  }
  const bool is_payload = path.starts_with(Payload);
  if (kind == ListKind::Payload && !is_payload) {
    findings.add(Grade::Invalid, reason::OutsidePayload, place,
                 fmt::format("{}: not below data/", printable(path)));
    return false;
  }
  const auto listed = kind == ListKind::Tag ? manifest_name(path) : std::nullopt;
  if (listed && listed->kind == ListKind::Tag) {
    findings.add(Grade::Invalid, reason::ListsItself, place,
                 fmt::format("{}: a tag manifest lists no tag manifests", printable(path)));
    return false;
  }
  if (kind == ListKind::Tag && is_payload)
    findings.add(Grade::Warning, reason::OutsidePayload, place,
                 fmt::format("{}: a file of the payload in a list of tag files", printable(path)));
  return true;
}

// What md5sum, md5deep and the like put before a name, and the RFC does not.
std::string_view without_marks(std::string_view written, const std::string& place, BagFindings& findings) {
  for (const std::string_view mark : {"*", "./"}) {
    if (!written.starts_with(mark)) continue;
    findings.add(Grade::Warning, reason::BadLine, place, fmt::format("\"{}\" before the name", mark));
    written.remove_prefix(mark.size());
  }
  return written;
}

std::optional<ManifestLine> parse_line(std::string_view line, const std::string& place,
                                       const ManifestName& name, BagVersion version, BagFindings& findings) {
  const std::string_view digest = take_word(line);
  if (digest.empty() || line.empty()) {
    findings.add(Grade::Invalid, reason::BadLine, place, "no digest and name, parted by blanks");
    return std::nullopt;
  }
  const bool is_hex = std::all_of(digest.begin(), digest.end(), is_hex_digit);
  if (!is_hex || (name.known && digest.size() != fixity::hex_digits(*name.known))) {
    findings.add(Grade::Invalid, reason::BadDigest, place,
                 fmt::format("\"{}\" is no digest of {}", printable(digest.substr(0, 140)), name.algorithm));
    return std::nullopt;
  }
  ManifestLine made{.digest = lower_case(digest)};
  made.written = std::string(without_marks(line, place, findings));
  made.path = decoded_path(made.written, version);
  if (!is_allowed(made.path, name.kind, place, findings)) return std::nullopt;
  return made;
}

// A name that stands twice (§2.1.3). Before 1.0 the same line again is no mistake.
bool is_repeated(const ManifestLine& line, std::map<std::string, std::pair<std::string, int>>& seen,
                 const std::string& place, BagVersion version, BagFindings& findings) {
  const auto [before, is_new] = seen.emplace(line.path, std::pair(line.digest, line.number));
  if (is_new) return false;
  const auto& [digest, number] = before->second;
  if (digest != line.digest)
    findings.add(Grade::Invalid, reason::Contradiction, place,
                 fmt::format("{}: line {} has another digest", printable(line.path), number));
  else
    findings.add(version < NewestVersion ? Grade::Warning : Grade::Invalid, reason::DuplicateLine, place,
                 fmt::format("{}: stands in line {} already", printable(line.path), number));
  return true;
}

void tell_too_many(const std::string& place, BagFindings& findings) {
  findings.add(Grade::Invalid, reason::TooLarge, place, "too many lines; this one and the rest are not read");
}

}  // namespace

std::optional<ManifestName> manifest_name(std::string_view file) {
  ManifestName name;
  if (file.starts_with("tagmanifest-"))
    name.kind = ListKind::Tag, file.remove_prefix(12);
  else if (file.starts_with("manifest-"))
    file.remove_prefix(9);
  else
    return std::nullopt;
  if (!file.ends_with(".txt") || file.size() <= 4 || file.find('/') != std::string_view::npos)
    return std::nullopt;
  name.algorithm = std::string(file.substr(0, file.size() - 4));
  name.known = fixity::find_algorithm(name.algorithm);
  return name;
}

std::string manifest_file(ListKind kind, fixity::Algorithm algorithm) {
  return fmt::format("{}manifest-{}.txt", kind == ListKind::Tag ? "tag" : "", fixity::name_of(algorithm));
}

std::vector<ManifestLine> parse_manifest(std::string_view text, const std::string& file,
                                         const ManifestName& name, BagVersion version, std::size_t most,
                                         BagFindings& findings) {
  std::vector<ManifestLine> lines;
  std::map<std::string, std::pair<std::string, int>> seen;
  int number = 0;
  while (const auto line = take_line(text)) {
    ++number;
    if (without_blanks(*line).empty()) continue;
    const std::string place = place_of(file, number);
    auto made = parse_line(*line, place, name, version, findings);
    if (!made) continue;
    if (lines.size() == most) {
      tell_too_many(place, findings);
      break;
    }
    made->number = number;
    if (!is_repeated(*made, seen, place, version, findings)) lines.push_back(std::move(*made));
  }
  return lines;
}

std::string manifest_text(const std::map<std::string, std::string>& digests) {
  std::string text;
  for (const auto& [path, digest] : digests) text += fmt::format("{}  {}\n", digest, encoded_path(path));
  return text;
}

std::vector<FetchLine> parse_fetch(std::string_view text, BagVersion version, std::size_t most,
                                   BagFindings& findings) {
  std::vector<FetchLine> lines;
  int number = 0;
  while (const auto taken = take_line(text)) {
    std::string_view line = *taken;
    ++number;
    if (without_blanks(line).empty()) continue;
    const std::string place = place_of(FetchFile, number);
    if (lines.size() == most) {
      tell_too_many(place, findings);
      break;
    }
    FetchLine made{.number = number};
    made.url = std::string(take_word(line));
    const std::string_view bytes = take_word(line);
    if (const auto count = find_number<std::uint64_t>(bytes)) made.bytes = *count;
    if (line.empty() || (!made.bytes && bytes != "-")) {
      findings.add(Grade::Invalid, reason::BadLine, place, "no URL, length (or -) and name");
      continue;
    }
    made.path = decoded_path(without_marks(line, place, findings), version);
    if (is_allowed(made.path, ListKind::Payload, place, findings)) lines.push_back(std::move(made));
  }
  return lines;
}

}  // namespace greffe::package
