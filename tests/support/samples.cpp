#include "support/samples.h"

#include <cstdlib>
#include <fstream>
#include <sstream>
#include <stdexcept>

namespace greffe::test {
namespace fs = std::filesystem;

fs::path find_sample(const std::string& name) {
  const fs::path source(GREFFE_SOURCE_DIR);
  for (const fs::path& folder : {source / "../shared/samples", source / "examples/samples"})
    if (fs::exists(folder / name)) return fs::canonical(folder / name);
  return {};
}

fs::path fixture(const std::string& name) { return fs::path(GREFFE_SOURCE_DIR) / "tests/data" / name; }

TemporaryFolder::TemporaryFolder() {
  std::string pattern = (fs::temp_directory_path() / "greffe-test-XXXXXX").string();
  if (!::mkdtemp(pattern.data())) throw std::runtime_error("mkdtemp");
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  fs::remove_all(path_, ignored);
}

std::string file_text(const fs::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

void write_file(const fs::path& path, const std::string& text) {
  fs::create_directories(path.parent_path());
  std::ofstream(path, std::ios::binary) << text;
}

}  // namespace greffe::test
