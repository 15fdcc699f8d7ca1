#include "film/film_room.h"

#include <sys/stat.h>

#include <algorithm>
#include <map>
#include <set>
#include <system_error>

#include "base/folder.h"
#include "codec/video_encoder.h"

namespace greffe::film {
namespace {

using media::CodecId;

// Bits for a pixel of a talking head in front of a still wall, as measured; the lossless one with noise shows
// up to three times as many.
double bits_per_pixel(CodecId codec) { return codec == CodecId::Ffv1 ? 2.0 : 0.004; }

constexpr double FlacBitrate = 100'000;  // one voice at a time

std::uint64_t bytes_in(const Path& folder) {
  std::uint64_t bytes = 0;
  const auto entries = list_folder(folder);
  if (!entries) return 0;
  struct stat found {};
  for (const FolderEntry& entry : *entries)
    if (entry.kind == FolderEntry::Kind::File && ::stat((folder / entry.name).c_str(), &found) == 0)
      bytes += static_cast<std::uint64_t>(found.st_size);
  return bytes;
}

// What is needed on each disk, and a folder there.
class NeededRoom {
 public:
  void add(const Path& folder, std::uint64_t bytes) {
    struct stat found {};
    if (::stat(folder.c_str(), &found) != 0) return;
    const auto [disk, made] = disks_.try_emplace(found.st_dev, folder, 0);
    disk->second.second += bytes;
  }
  Status check() const {
    for (const auto& [device, needed] : disks_) GREFFE_CHECK(check_available(needed.first, needed.second));
    return {};
  }

 private:
  static Status check_available(const Path& folder, std::uint64_t bytes) {
    std::error_code error;
    const std::filesystem::space_info space = std::filesystem::space(folder, error);
    if (error || space.available >= bytes) return {};
    return fail("{}: the film needs about {} MB there, and {} MB are free", folder.string(),
                bytes / 1'000'000 + 1, space.available / 1'000'000);
  }

  std::map<dev_t, std::pair<Path, std::uint64_t>> disks_;
};

}  // namespace

FilmRoom least_room_of(const FilmOrder& order) {
  const ChunkGrid grid = order.grid();
  std::int64_t drawn = grid.frames;
  for (const CopiedSpan& span : order.copied) drawn -= span.frames.end - span.frames.first;
  const double pixels = static_cast<double>(drawn) * order.plan->width * order.plan->height;
  const double seconds = static_cast<double>(grid.clock.samples_of(grid.frames)) / 48'000;
  const double sound =
      order.coding.sound_bitrate_bps > 0 ? order.coding.sound_bitrate_bps * 0.8 : FlacBitrate;
  return {static_cast<std::uint64_t>(pixels * bits_per_pixel(order.coding.video) / 8),
          static_cast<std::uint64_t>(seconds * sound / 8)};
}

Status check_room(const std::vector<WantedRoom>& films) {
  NeededRoom needed;
  std::set<Path> work;
  for (const WantedRoom& film : films) {
    const std::uint64_t pictures = film.room.pictures;
    if (work.insert(film.work).second)
      needed.add(film.work, pictures - std::min(pictures, bytes_in(film.work)));
    needed.add(film.film, pictures + film.room.sound);
  }
  return needed.check();
}

}  // namespace greffe::film
