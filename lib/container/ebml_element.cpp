#include "container/ebml_element.h"

#include <array>
#include <bit>

#include "base/byte_reader.h"

namespace greffe::container {
namespace {

// RFC 8794 §4: as many octets as zeros lead the first one, and one more; 0 where it says more than `most`.
std::size_t width_of(std::uint8_t first, std::size_t most) {
  const auto width = static_cast<std::size_t>(std::countl_zero(first)) + 1;
  return width <= most ? width : 0;
}

}  // namespace

Result<std::optional<EbmlElement>> find_element(const InputFile& file, std::uint64_t at, const Path& path) {
  std::array<std::uint8_t, 12> head{};
  GREFFE_TRY(const std::size_t got, read_at(file.file, at, head, path));
  ByteReader reader(Bytes(head).first(got));
  const std::size_t id_width = got > 0 ? width_of(head[0], 4) : 0;
  if (id_width > 0 && got <= id_width) return EbmlElement{.content = at + id_width + 1};
  const std::size_t size_width = id_width > 0 ? width_of(head[id_width], 8) : 0;
  if (size_width == 0) return std::nullopt;
  EbmlElement element{.content = at + id_width + size_width};
  for (std::size_t i = 0; i < id_width; ++i) element.id = element.id << 8 | reader.u8();
  std::uint64_t size = reader.u8() & (0xFFu >> size_width);
  for (std::size_t i = 1; i < size_width; ++i) size = size << 8 | reader.u8();
  if (reader.failed()) element.id = 0;
  if (size != (std::uint64_t{1} << 7 * size_width) - 1) element.size = size;
  return element;
}

}  // namespace greffe::container
