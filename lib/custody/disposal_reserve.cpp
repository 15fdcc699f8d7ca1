#include "custody/disposal_reserve.h"

#include <fcntl.h>

#include "base/log.h"

namespace greffe::custody {
namespace fs = std::filesystem;
namespace {

constexpr std::uintmax_t ReserveBytes = 16u << 20;
constexpr std::uintmax_t LeastRoom = 4u << 20;  // below: what is to be told may not find any
constexpr std::uintmax_t RoomForReserve = 64u << 20;

std::uintmax_t room_at(const Path& path) {
  std::error_code error;
  const fs::space_info space = fs::space(path, error);
  return error ? RoomForReserve : space.available;
}

// Filled at once: a file with holes keeps no room.
void make_reserve(const Path& path) {
  std::error_code error;
  if (fs::exists(path, error) || room_at(path.parent_path()) < RoomForReserve) return;
  auto file = create_file(path);
  if (!file) return;
  if (::posix_fallocate(file->descriptor(), 0, static_cast<off_t>(ReserveBytes)) != 0)
    fs::remove(path, error);
}

}  // namespace

Result<DisposalReserve> DisposalReserve::take(const catalog::Archive& archive) {
  const Path path = archive.reserve_file();
  std::error_code error;
  if (room_at(archive.root()) < LeastRoom && fs::exists(path, error)) {
    fs::remove(path, error);
    log::warning(
        "the disk is full: the reserve of 16 MiB is given up, so that what is destroyed can be told");
  } else if (fs::exists(path.parent_path(), error)) {
    make_reserve(path);
  }
  return DisposalReserve(archive);
}

DisposalReserve::~DisposalReserve() {
  if (archive_ != nullptr) make_reserve(archive_->reserve_file());
}

}  // namespace greffe::custody
