// Where tests find their files.
#pragma once

#include <filesystem>
#include <string>

namespace greffe::test {

// A sample recording ("council/meeting.json"): in the repo (examples/samples) or beside it
// (../shared/samples). Empty when neither is there; a test that needs a large one then skips itself.
std::filesystem::path find_sample(const std::string& name);
// A small fixture of tests/data.
std::filesystem::path fixture(const std::string& name);

// A folder of its own for one test, removed with it.
class TemporaryFolder {
 public:
  TemporaryFolder();
  ~TemporaryFolder();
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

std::string file_text(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& text);

}  // namespace greffe::test
