#include "film/earlier_film.h"

#include <algorithm>

#include "base/progress.h"
#include "film/film_targets.h"
#include "film/receipt.h"

namespace greffe::film {
namespace {

bool is_matroska(const Path& film) { return film.extension() == ".webm" || film.extension() == ".mkv"; }

// What the receipt says of the film's bytes is true.
bool is_as_written(const Path& film, json::Reader& receipt) {
  const json::Value* const output = receipt.find("output");
  if (!output) return false;
  json::Reader reader(*output, "output");
  const std::string sha256 = reader.text("sha256");
  const auto digest = fixity::digest_of_file(film);
  return reader.status() && digest && digest->digest.hex() == sha256;
}

}  // namespace

EarlierFilm EarlierFilm::open(const Path& film, const std::vector<ChunkId>& wanted) {
  EarlierFilm earlier;
  earlier.film_ = film;
  if (!is_matroska(film)) return earlier;
  const auto paper = read_receipt(receipt_beside(film));
  if (!paper) return earlier;
  json::Reader receipt(*paper, "receipt");
  std::map<std::string, ChunkId> by_key;
  for (const ChunkId& id : wanted) by_key.emplace(id.key.hex(), id);
  std::uint64_t packet = 0;
  for (const json::Value& value : receipt.array("chunks")) {
    json::Reader reader(value, "chunks");
    const std::string key = reader.text("key");
    auto report = chunk_report_of(reader);
    if (!report || report->packets < 0) return earlier = {}, earlier;
    const std::uint64_t first = packet;
    packet += static_cast<std::uint64_t>(report->packets);
    if (const auto found = by_key.find(key); found != by_key.end())
      earlier.chunks_.push_back({found->second, std::move(*report), first});
  }
  if (earlier.chunks_.empty() || !is_as_written(film, receipt)) earlier.chunks_.clear();
  return earlier;
}

// False when the film does not hold what its receipt says.
Result<bool> EarlierFilm::give_one(const EarlierChunk& chunk, container::Demuxer& pictures,
                                   std::uint64_t& next, const FilmOrder& order,
                                   const ChunkStore& store) const {
  const Bytes codec_private = pictures.codec_private();
  container::TrackFormat format{.codec = order.coding.video, .size = {order.plan->width, order.plan->height}};
  format.codec_private.assign(codec_private.begin(), codec_private.end());
  GREFFE_TRY(ChunkWriter writer, ChunkWriter::create(store, chunk.id, format, order.rate));
  const std::int64_t first_frame = order.grid().span_of(chunk.id.index).first;
  const auto end = chunk.first_packet + static_cast<std::uint64_t>(chunk.report.packets);
  while (next < end) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const auto stored = pictures.next();
    if (!stored || !*stored) return false;
    if (next++ < chunk.first_packet) continue;
    media::CodedFrame frame;
    frame.bytes.assign((*stored)->bytes.begin(), (*stored)->bytes.end());
    frame.key = (*stored)->key;
    const auto place = static_cast<std::int64_t>(next - 1 - chunk.first_packet);
    GREFFE_CHECK(order.copied.empty()
                     ? writer.write(frame, first_frame + place)
                     : writer.write_at(frame, MeetingTime(std::chrono::milliseconds((*stored)->time_ms))));
  }
  GREFFE_CHECK(writer.finish(chunk.report));
  return true;
}

Result<std::size_t> EarlierFilm::give(const FilmOrder& order, const ChunkStore& store) const {
  if (chunks_.empty()) return 0;
  auto pictures = container::Demuxer::open(film_);
  if (!pictures) return 0;
  std::size_t given = 0;
  std::uint64_t next = 0;  // packet
  for (const EarlierChunk& chunk : chunks_) {
    if (chunk.first_packet < next) break;  // the same chunk twice
    if (store.has(chunk.id)) continue;
    GREFFE_TRY(const bool whole, give_one(chunk, *pictures, next, order, store));
    if (!whole) break;
    ++given;
  }
  return given;
}

}  // namespace greffe::film
