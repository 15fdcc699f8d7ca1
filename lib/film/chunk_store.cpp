#include "film/chunk_store.h"

#include <unistd.h>

#include <cassert>
#include <system_error>

#include "json/read_file.h"
#include "json/reader.h"

namespace greffe::film {
namespace {

using json::Object;

constexpr std::string_view Schema = "greffe.chunk/2";

Result<json::Value> read_paper(const Path& path) { return json::read_file(path, 4u << 20); }

}  // namespace

Path ChunkStore::path_of(const ChunkId& id, std::string_view ending) const {
  return (held_ ? held_->path() : folder_) /
         fmt::format("{:06}-{}{}", id.index, id.key.hex().substr(0, 32), ending);
}

Status ChunkStore::open() {
  GREFFE_TRY(held_, HeldFolder::open(folder_));
  return {};
}

bool ChunkStore::has(const ChunkId& id) const {
  const auto paper = read_paper(path_of(id, ".json"));
  if (!paper) return false;
  json::Reader reader(*paper, "chunk");
  const std::string digest = reader.text("sha256");
  if (!reader.status() || reader.find_text("key") != id.key.hex()) return false;
  const auto pictures = fixity::digest_of_file(path_of(id, ".mkv"));
  return pictures && pictures->digest.hex() == digest;
}

Result<ChunkReport> ChunkStore::report_of(const ChunkId& id) const {
  const Path path = path_of(id, ".json");
  const auto paper = read_paper(path);
  if (!paper) return tl::unexpected(paper.error());
  json::Reader reader(*paper, path.filename().string());
  return chunk_report_of(reader);
}

Result<container::Demuxer> ChunkStore::pictures_of(const ChunkId& id) const {
  return container::Demuxer::open(path_of(id, ".mkv"));
}

Status ChunkStore::remove() {
  GREFFE_CHECK(remove_tree(folder_));
  ::rmdir(folder_.parent_path().c_str());  // other films may have theirs in it
  return {};
}

Result<ChunkWriter> ChunkWriter::create(const ChunkStore& store, const ChunkId& id,
                                        const container::TrackFormat& format, codec::FrameRate rate) {
  assert(store.held_);
  Path part = store.path_of(id, fmt::format(".{}.part", ::getpid()));
  GREFFE_CHECK(remove_tree(part));
  GREFFE_TRY(container::TrackMuxer muxer, container::TrackMuxer::create(part, format));
  return ChunkWriter(store, id, std::move(part), std::move(muxer), FilmClock{rate});
}

ChunkWriter::ChunkWriter(ChunkWriter&& other) noexcept
    : store_(other.store_),
      id_(other.id_),
      part_(std::exchange(other.part_, {})),
      muxer_(std::move(other.muxer_)),
      clock_(other.clock_),
      packets_(other.packets_) {}

ChunkWriter::~ChunkWriter() {
  std::error_code ignored;
  if (!part_.empty()) std::filesystem::remove(part_, ignored);
}

Status ChunkWriter::write(const media::CodedFrame& frame, std::int64_t film_frame) {
  return write_at(frame, clock_.start_of(film_frame));
}

Status ChunkWriter::write_at(const media::CodedFrame& frame, MeetingTime time) {
  ++packets_;
  return muxer_.write(frame, time, clock_.start_of(1) - MeetingTime{});
}

Status ChunkWriter::finish(ChunkReport report) {
  report.packets = packets_;
  GREFFE_CHECK(muxer_.finish());
  GREFFE_CHECK(sync_file(part_));
  GREFFE_TRY(const fixity::FileDigest digest, fixity::digest_of_file(part_));
  std::error_code error;
  std::filesystem::rename(part_, store_->path_of(id_, ".mkv"), error);  // replaces one that is not whole
  if (error) return fail("{}: {}", part_.string(), error.message());
  part_.clear();
  Object paper{{"schema", Schema}, {"key", id_.key.hex()}, {"sha256", digest.digest.hex()}};
  add_to(paper, report);
  return write_text_atomically(store_->path_of(id_, ".json"),
                               json::write(paper, json::Style::Indented) + "\n");
}

}  // namespace greffe::film
