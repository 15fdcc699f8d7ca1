// Digests computed on a thread of their own, beside whoever reads and writes.
#pragma once

#include <string>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "base/byte_reader.h"
#include "base/result.h"
#include "fixity/hasher.h"

namespace greffe::custody {

// Bytes of one file after the other go in, a digest for each comes out at the end. Memory is flat: whoever
// is too fast waits.
class HashPipeline {
 public:
  explicit HashPipeline(fixity::Algorithm algorithm);
  ~HashPipeline();
  HashPipeline(const HashPipeline&) = delete;
  HashPipeline& operator=(const HashPipeline&) = delete;

  void push(Bytes bytes);
  // The bytes so far are one file.
  void end_file();
  // Hex digits of each file, in their order. Nothing may be pushed after. Fails where its thread did, or
  // could not begin: what was pushed since went nowhere.
  Result<std::vector<std::string>> finish();

 private:
  struct Piece {
    std::vector<std::uint8_t> bytes;
    bool ends_file = false;
  };
  void fail_with(Status failure);
  Status work();

  fixity::Hasher hasher_;
  BoundedQueue<Piece> pieces_;
  BoundedQueue<std::vector<std::uint8_t>> spare_;  // buffers to be used again
  std::vector<std::string> digests_;               // of the thread's, until it has ended
  Status failure_;                                 // likewise
  std::thread thread_;
};

}  // namespace greffe::custody
