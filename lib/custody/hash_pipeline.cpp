#include "custody/hash_pipeline.h"

namespace greffe::custody {
namespace {
constexpr std::size_t PiecesAhead = 16;
}

HashPipeline::HashPipeline(fixity::Algorithm algorithm)
    : hasher_(algorithm), pieces_(PiecesAhead), spare_(PiecesAhead + 2) {
  for (std::size_t i = 0; i < PiecesAhead + 2; ++i) spare_.push({});
  thread_ = std::thread([this] { work(); });
}

HashPipeline::~HashPipeline() {
  pieces_.close();
  if (thread_.joinable()) thread_.join();
}

void HashPipeline::work() {
  while (auto piece = pieces_.pop()) {
    if (piece->ends_file) {
      digests_.push_back(hasher_.finish_hex());
      continue;
    }
    hasher_.update(piece->bytes);
    spare_.push(std::move(piece->bytes));
  }
}

void HashPipeline::push(Bytes bytes) {
  if (bytes.empty()) return;
  std::vector<std::uint8_t> buffer = *spare_.pop();
  buffer.assign(bytes.begin(), bytes.end());
  pieces_.push({std::move(buffer), false});
}

void HashPipeline::end_file() { pieces_.push({{}, true}); }

std::vector<std::string> HashPipeline::finish() {
  pieces_.close();
  thread_.join();
  return std::move(digests_);
}

}  // namespace greffe::custody
