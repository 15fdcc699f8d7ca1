// Room on the disk for telling of a destruction: 16 MiB that are given up when nothing else is left
// (RETENTION D5).
#pragma once

#include "catalog/archive.h"

namespace greffe::custody {

// Gives the reserve up where the disk is full by then, and takes it again at its end where there is room.
class DisposalReserve {
 public:
  // `archive` must outlive it. No failure for want of room.
  static Result<DisposalReserve> take(const catalog::Archive& archive);
  DisposalReserve(DisposalReserve&& other) noexcept : archive_(std::exchange(other.archive_, nullptr)) {}
  DisposalReserve& operator=(DisposalReserve&&) = delete;
  ~DisposalReserve();

 private:
  explicit DisposalReserve(const catalog::Archive& archive) : archive_(&archive) {}
  const catalog::Archive* archive_;
};

}  // namespace greffe::custody
