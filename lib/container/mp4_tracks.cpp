#include "container/mp4_tracks.h"

#include <fcntl.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <optional>

#include "base/byte_reader.h"

namespace greffe::container {
namespace {

// A box (ISO 14496-12 §4.2): u32 size, four letters, u64 size where the first is 1, then what it holds.
struct Box {
  std::uint32_t type = 0;
  std::uint64_t content = 0, end = 0;  // byte offsets
};

constexpr std::uint32_t name(const char (&letters)[5]) {
  std::uint32_t value = 0;
  for (int i = 0; i < 4; ++i) value = value << 8 | static_cast<std::uint8_t>(letters[i]);
  return value;
}

Result<std::optional<Box>> read_box(const File& file, const Path& path, std::uint64_t at, std::uint64_t end) {
  std::array<std::uint8_t, 16> head{};
  GREFFE_TRY(const std::size_t got, read_at(file, at, head, path));
  ByteReader reader(Bytes(head).first(got));
  std::uint64_t size = reader.u32();
  Box box{.type = reader.u32(), .content = at + 8};
  if (size == 1) {
    size = reader.u64();
    box.content = at + 16;
  }
  box.end = size == 0 ? end : at + size;
  if (reader.failed() || box.end < box.content || box.end > end) return std::nullopt;
  return box;
}

// The boxes from `at` to `end`, one after the other.
Status each_box(const File& file, const Path& path, std::uint64_t at, std::uint64_t end,
                const std::function<Status(const Box&)>& see) {
  while (at < end) {
    GREFFE_TRY(const auto box, read_box(file, path, at, end));
    if (!box) return fail("{}: byte {}: no box of MP4", path.string(), at);
    GREFFE_CHECK(see(*box));
    at = box->end;
  }
  return {};
}

struct Track {
  std::uint64_t flags_at = 0;  // of tkhd: its last octet
  std::uint32_t handler = 0;
};

Status read_track(const File& file, const Path& path, const Box& box, Track& track) {
  constexpr std::uint64_t BeforeHandler = 8;  // version, flags, pre_defined
  return each_box(file, path, box.content, box.end, [&](const Box& part) -> Status {
    if (part.type == name("tkhd")) track.flags_at = part.content + 3;
    if (part.type == name("mdia")) return read_track(file, path, part, track);
    if (part.type != name("hdlr")) return {};
    std::array<std::uint8_t, 4> handler{};
    GREFFE_TRY(const std::size_t got, read_at(file, part.content + BeforeHandler, handler, path));
    if (got == handler.size()) track.handler = ByteReader(handler).u32();
    return {};
  });
}

Status disable(const File& file, const Path& path, const Track& track) {
  constexpr std::uint8_t Enabled = 1;
  std::array<std::uint8_t, 1> flags{};
  GREFFE_TRY(const std::size_t got, read_at(file, track.flags_at, flags, path));
  flags[0] &= static_cast<std::uint8_t>(~Enabled);
  if (got != 1 || ::pwrite(file.descriptor(), flags.data(), 1, static_cast<off_t>(track.flags_at)) != 1)
    return fail_errno(path.string());
  return {};
}

}  // namespace

Status disable_text_tracks(const Path& path) {
  const File file(::open(path.c_str(), O_RDWR | O_CLOEXEC));
  if (file.descriptor() < 0) return fail_errno(path.string());
  std::error_code unknown;
  const std::uint64_t size = std::filesystem::file_size(path, unknown);
  if (unknown) return fail("{}: {}", path.string(), unknown.message());
  return each_box(file, path, 0, size, [&](const Box& top) -> Status {
    if (top.type != name("moov")) return {};
    return each_box(file, path, top.content, top.end, [&](const Box& box) -> Status {
      if (box.type != name("trak")) return {};
      Track track;
      GREFFE_CHECK(read_track(file, path, box, track));
      return track.handler == name("sbtl") && track.flags_at > 0 ? disable(file, path, track) : Status{};
    });
  });
}

}  // namespace greffe::container
