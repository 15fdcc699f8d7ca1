#include "container/file_end.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <set>

#include "base/byte_reader.h"
#include "container/ebml_element.h"
#include "container/matroska_ids.h"

namespace greffe::container {
namespace {

// A file of more pieces than a month of sound and pictures has is not looked through.
constexpr int MostPieces = 1 << 23;

// What a live file may be cut in. Others at its end may be anything.
std::string_view name_of(std::uint32_t element) {
  switch (element) {
    case id::Segment: return "segment";
    case id::Cluster: return "cluster";
    case id::SimpleBlock:
    case id::BlockGroup: return "frame";
    case id::Cues:
    case id::Timestamp:
    case id::Void:
    case id::Tags: return "element";
    default: return {};
  }
}

// A segment of known size tells at once; else it is walked through, and so are its clusters of unknown size.
Result<std::optional<MissingEnd>> find_missing_end_of_matroska(const InputFile& file, const Path& path) {
  const std::uint64_t end = file.stamp.size;
  std::uint64_t at = 0;
  for (int pieces = 0; at < end && pieces < MostPieces; ++pieces) {
    GREFFE_TRY(const auto element, find_element(file, at, path));
    if (!element) return std::nullopt;
    if (element->id == 0) return MissingEnd{.why = "it ends within the head of an element"};
    if (!element->size) {
      if (element->id != id::Segment && element->id != id::Cluster) return std::nullopt;
      at = element->content;
      continue;
    }
    const std::uint64_t left = end - std::min(end, element->content);
    if (*element->size > left) {
      const std::string_view name = name_of(element->id);
      if (name.empty()) return std::nullopt;
      return MissingEnd{.bytes = *element->size - left,
                        .why = fmt::format("its last {} goes on behind the end of the file", name)};
    }
    if (element->id == id::Segment) return std::nullopt;
    at = element->content + *element->size;
  }
  return std::nullopt;
}

//    0                   1                   2                   3
//    0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
//   | "OggS"                                                        |
//   | version       | header type   | granule position, 64 bits ... |
//   | ...                           | serial number                 |
//   | ...                           | page number                   |
//   | ...                           | checksum                      |
//   | ...                           | segments      | their lengths |
//   +-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+-+
// RFC 3533 §6.
struct OggPage {
  bool first = false, last = false;
  std::uint32_t serial = 0;
  std::uint64_t end = 0;  // in the file
};

constexpr std::size_t PageHead = 27;
constexpr std::uint8_t FirstPage = 2, LastPage = 4;

// nullopt where there is none; one whose head is cut ends behind the end of the file.
Result<std::optional<OggPage>> find_page(const InputFile& file, std::uint64_t at, const Path& path) {
  std::array<std::uint8_t, PageHead + 255> head{};
  GREFFE_TRY(const std::size_t got, read_at(file.file, at, head, path));
  ByteReader reader(Bytes(head).first(got));
  if (std::memcmp(head.data(), "OggS", std::min<std::size_t>(got, 4)) != 0) return std::nullopt;
  reader.skip(5);
  const std::uint8_t type = reader.u8();
  reader.skip(8);
  OggPage page{.first = (type & FirstPage) != 0, .last = (type & LastPage) != 0, .serial = reader.u32_le()};
  reader.skip(8);
  const std::size_t lengths = reader.u8();
  page.end = at + PageHead + lengths;
  for (std::size_t i = 0; i < lengths; ++i) page.end += reader.u8();
  return page;
}

Result<std::optional<MissingEnd>> find_missing_end_of_ogg(const InputFile& file, const Path& path) {
  const std::uint64_t end = file.stamp.size;
  std::set<std::uint32_t> open;  // streams of the last link of a chain
  bool is_in_heads = false;
  std::uint64_t at = 0;
  for (int pieces = 0; at < end; ++pieces) {
    GREFFE_TRY(const auto page, find_page(file, at, path));
    if (!page || pieces == MostPieces) return std::nullopt;
    if (page->end > end)
      return MissingEnd{.bytes = page->end - end, .why = "its last page goes on behind the end of the file"};
    if (page->first && !is_in_heads) open.clear();
    is_in_heads = page->first;
    if (page->last)
      open.erase(page->serial);
    else
      open.insert(page->serial);
    at = page->end;
  }
  if (open.empty()) return std::nullopt;
  return MissingEnd{.why = "its last page is not marked as its last"};
}

}  // namespace

Result<std::optional<MissingEnd>> find_missing_end(const Path& path, std::string_view format) {
  if (format != "matroska" && format != "ogg") return std::nullopt;
  GREFFE_TRY(const InputFile file, open_input(path));
  return format == "ogg" ? find_missing_end_of_ogg(file, path) : find_missing_end_of_matroska(file, path);
}

}  // namespace greffe::container
