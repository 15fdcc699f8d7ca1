#include "fixity/manifest.h"

#include <algorithm>

namespace greffe::fixity {
namespace {

constexpr std::uint64_t LargestManifest = 64u << 20;
constexpr std::string_view Separator = "  ";

Status check_name(std::string_view name) {
  const bool plain = std::none_of(name.begin(), name.end(), [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F || c == '\\';
  });
  if (!is_safe_relative(name) || !plain)
    return fail("manifest: \"{}\" is no name of a file below the folder", name);
  return {};
}

}  // namespace

Status Manifest::add(std::string_view name, const Digest& digest) {
  GREFFE_CHECK(check_name(name));
  if (!digests_.emplace(name, digest).second) return fail("manifest: \"{}\" stands twice", name);
  return {};
}

const Digest* Manifest::find(std::string_view name) const {
  const auto found = digests_.find(name);
  return found == digests_.end() ? nullptr : &found->second;
}

std::string Manifest::text() const {
  std::string lines;
  for (const auto& [name, digest] : digests_) lines += digest.hex() + std::string(Separator) + name + "\n";
  return lines;
}

Result<Manifest> Manifest::parse(std::string_view text) {
  Manifest manifest;
  for (int line_number = 1; !text.empty(); ++line_number) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return fail("manifest: line {} is cut", line_number);
    const std::string_view line = text.substr(0, end);
    text.remove_prefix(end + 1);
    const auto digest = Digest::of_hex(line.substr(0, 2 * Digest::Size));
    if (!digest || line.substr(2 * Digest::Size, 2) != Separator)
      return fail("manifest: line {} is not a digest, two blanks and a name", line_number);
    const Status added = manifest.add(line.substr(2 * Digest::Size + 2), *digest);
    if (!added) return fail_within(fmt::format("line {}", line_number), added);
  }
  return manifest;
}

Result<Manifest> read_manifest(const Path& path) {
  GREFFE_TRY(const std::string text, read_text(path, LargestManifest));
  auto manifest = Manifest::parse(text);
  if (!manifest) return fail_within(path.string(), manifest);
  return manifest;
}

}  // namespace greffe::fixity
