// Any bytes as the files of a bag: "==NAME" on a line of its own begins the next file. Nothing that a good
// bag lists leads out of it, what is read is written so that it reads the same again, and a name of a tar or
// folder may be anything.
#include "../package/bags.h"
#include "package/bag_manifest.h"
#include "package/bag_path.h"
#include "require.h"

namespace {

using namespace greffe;
using fuzz::require;

void check_names(std::string_view name) {
  for (const auto version : {package::NewestVersion, package::OldestVersion}) {
    const std::string path = package::decoded_path(name, version);
    require(package::decoded_path(package::encoded_path(path), package::NewestVersion) == path);
  }
  const std::string folded = package::folded_name(name);
  require(package::normalized_name(package::normalized_name(name)) == package::normalized_name(name));
  static_cast<void>(folded);
}

void check_lists(const std::string& text) {
  package::BagFindings findings;
  const auto name = *package::manifest_name("manifest-sha512.txt");
  std::map<std::string, std::string> digests;
  for (const auto& line : package::parse_manifest(text, "m", name, package::NewestVersion, 1000, findings)) {
    require(!package::unsafe_path(line.path) && line.path.starts_with("data/"));
    digests.emplace(line.path, line.digest);
  }
  package::BagFindings none;
  const auto again =
      package::parse_manifest(package::manifest_text(digests), "m", name, package::NewestVersion, 1000, none);
  require(again.size() == digests.size() && none.kept().empty());
  const auto info = package::parse_bag_info(text, "i", package::NewestVersion, findings);
  bool is_plain = true;
  for (const auto& label : info) is_plain = is_plain && package::check_label(label).has_value();
  if (is_plain)
    require(package::parse_bag_info(package::bag_info_text(info), "i", package::NewestVersion, none) == info);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view rest(reinterpret_cast<const char*>(data), size);
  test::MemoryBag bag({});
  while (rest.starts_with("==")) {
    const auto end = std::min(rest.find('\n'), rest.size());
    const std::string name(rest.substr(2, end - 2));
    rest.remove_prefix(std::min(end + 1, rest.size()));
    const auto next = rest.starts_with("==") ? 0 : std::min(rest.find("\n=="), rest.size());
    const std::string bytes(rest.substr(0, next));
    rest.remove_prefix(std::min(next + (next > 0 ? 1 : 0), rest.size()));
    check_names(name);
    check_lists(bytes);
    bag.add(name, bytes + (next > 0 ? "\n" : ""));
  }
  check_lists(std::string(rest));
  NoProgress progress;
  const auto check = package::check_bag(bag, progress);
  require(check.has_value());
  if (!check->is_valid()) return 0;
  for (const auto& entry : bag.entries()) require(!package::unsafe_path(entry.path));
  return 0;
}
