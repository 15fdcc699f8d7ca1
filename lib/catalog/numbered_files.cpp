#include "catalog/numbered_files.h"

#include <algorithm>

#include "base/folder.h"
#include "base/parse.h"

namespace greffe::catalog {

std::optional<std::int64_t> number_of(std::string_view name, std::string_view prefix) {
  constexpr std::string_view Suffix = ".json";
  if (!name.starts_with(prefix) || !name.ends_with(Suffix)) return std::nullopt;
  if (name.size() <= prefix.size() + Suffix.size()) return std::nullopt;
  const std::string_view digits = name.substr(prefix.size(), name.size() - prefix.size() - Suffix.size());
  const auto number = find_number<std::int64_t>(digits);
  return number && *number > 0 && digits.front() != '0' ? number : std::nullopt;
}

Result<std::vector<std::int64_t>> numbers_in(const Path& folder, std::string_view prefix) {
  std::vector<std::int64_t> numbers;
  GREFFE_TRY(const auto entries, list_folder_if_any(folder));
  for (const FolderEntry& entry : entries)
    if (const auto number = number_of(entry.name, prefix)) numbers.push_back(*number);
  std::sort(numbers.begin(), numbers.end());
  return numbers;
}

Result<std::int64_t> count_in(const Path& folder, std::string_view prefix) {
  GREFFE_TRY(const auto numbers, numbers_in(folder, prefix));
  for (std::size_t i = 0; i < numbers.size(); ++i)
    if (numbers[i] != static_cast<std::int64_t>(i) + 1)
      return fail(ErrorKind::Integrity, "{}: missing, though there are later ones",
                  (folder / fmt::format("{}{}.json", prefix, i + 1)).string());
  return static_cast<std::int64_t>(numbers.size());
}

Result<json::Value> read_json(const Path& file, std::size_t limit) {
  GREFFE_TRY(const std::string text, read_text(file, limit));
  auto value = json::parse(text, {.bytes = limit});
  if (!value) return not_whole(file, value);
  return value;
}

}  // namespace greffe::catalog
