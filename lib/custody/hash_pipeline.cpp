#include "custody/hash_pipeline.h"

#include "base/parallel.h"

namespace greffe::custody {
namespace {
constexpr std::size_t PiecesAhead = 16;
}

HashPipeline::HashPipeline(fixity::Algorithm algorithm)
    : hasher_(algorithm), pieces_(PiecesAhead), spare_(PiecesAhead + 2) {
  for (std::size_t i = 0; i < PiecesAhead + 2; ++i) spare_.push({});
  const Status begun = guarded([this]() -> Status {
    thread_ = std::thread([this] { fail_with(guarded([this] { return work(); })); });
    return {};
  });
  if (!begun) fail_with(begun);
}

HashPipeline::~HashPipeline() {
  pieces_.close();
  if (thread_.joinable()) thread_.join();
}

// Whoever pushes must not wait for a thread that is not there.
void HashPipeline::fail_with(Status failure) {
  if (failure) return;
  failure_ = std::move(failure);
  pieces_.close();
  spare_.close();
}

Status HashPipeline::work() {
  while (auto piece = pieces_.pop()) {
    if (piece->ends_file) {
      digests_.push_back(hasher_.finish_hex());
      continue;
    }
    hasher_.update(piece->bytes);
    spare_.push(std::move(piece->bytes));
  }
  return {};
}

void HashPipeline::push(Bytes bytes) {
  if (bytes.empty()) return;
  auto buffer = spare_.pop();
  if (!buffer) return;
  buffer->assign(bytes.begin(), bytes.end());
  pieces_.push({std::move(*buffer), false});
}

void HashPipeline::end_file() { pieces_.push({{}, true}); }

Result<std::vector<std::string>> HashPipeline::finish() {
  pieces_.close();
  if (thread_.joinable()) thread_.join();
  GREFFE_CHECK(failure_);
  return std::move(digests_);
}

}  // namespace greffe::custody
