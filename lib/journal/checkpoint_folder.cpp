#include "journal/checkpoint_folder.h"

#include <algorithm>

#include "base/folder.h"

namespace greffe::journal {
namespace {

// Names in `folder` that end in `suffix`, without it, sorted.
Result<std::vector<std::string>> names_in(const Path& folder, std::string_view suffix) {
  std::vector<std::string> names;
  GREFFE_TRY(const auto entries, list_folder_if_any(folder));
  for (const auto& [name, kind] : entries) {
    // A name with a dot in front is what a killed program left.
    if (name.ends_with(suffix) && !name.starts_with("."))
      names.push_back(name.substr(0, name.size() - suffix.size()));
  }
  std::sort(names.begin(), names.end());
  return names;
}

CheckpointFile checkpoint_file(std::string name, std::string text) {
  CheckpointFile file{.name = std::move(name), .text = std::move(text)};
  auto read = SignedCheckpoint::parse(file.text);
  if (!read) {
    file.problem = read.error().message();
  } else if (checkpoint_name(read->checkpoint) != file.name) {
    file.problem = "its name is not that of its size and time";
  } else {
    file.read = std::move(*read);
  }
  return file;
}

}  // namespace

std::string checkpoint_name(const Checkpoint& checkpoint) {
  std::string time = rfc3339(checkpoint.time.value_or(WallTime{}), 3);
  // The basic format of ISO 8601: no colons in file names.
  std::erase_if(time, [](char c) { return c == '-' || c == ':'; });
  return fmt::format("{:012}-{}", checkpoint.size, time);
}

Result<std::vector<CheckpointFile>> checkpoints_in(const Path& folder) {
  GREFFE_TRY(std::vector<std::string> names, names_in(folder, CheckpointSuffix));
  std::vector<CheckpointFile> files;
  for (std::string& name : names) {
    GREFFE_TRY(std::string text, read_text(folder / (name + CheckpointSuffix), LargestToken));
    files.push_back(checkpoint_file(std::move(name), std::move(text)));
  }
  return files;
}

Result<std::vector<TokenFile>> tokens_in(const Path& folder) {
  GREFFE_TRY(const std::vector<std::string> names, names_in(folder, TokenSuffix));
  std::vector<TokenFile> tokens;
  for (const std::string& name : names) {
    GREFFE_TRY(std::string reply, read_text(folder / (name + TokenSuffix), LargestToken));
    const fixity::Digest digest = fixity::digest_of(reply);
    tokens.push_back({name, std::move(reply), digest});
  }
  return tokens;
}

}  // namespace greffe::journal
