// What films leave while they are being composed: a folder for each with its chunks.
#pragma once

#include <vector>

#include "base/file.h"
#include "timeline/meeting_folder.h"

namespace greffe::film {

// In each of these folders: held by who renders into it.
constexpr const char* WorkLock = "lock";

// A film that ends before its first chunk is done leaves nothing. The folders' locks are to be held.
class EmptyWork {
 public:
  explicit EmptyWork(std::vector<Path> folders) : folders_(std::move(folders)) {}
  EmptyWork(const EmptyWork&) = delete;
  EmptyWork& operator=(const EmptyWork&) = delete;
  ~EmptyWork();

 private:
  std::vector<Path> folders_;
};

// Removes the chunks that films of this meeting left unfinished, in its folder and beside `films`. Gives what
// there was in bytes. Those of a film that is being composed stay, and Busy names it.
Result<std::uint64_t> remove_unfinished(const timeline::MeetingFolder& folder,
                                        const std::vector<Path>& films = {});

}  // namespace greffe::film
