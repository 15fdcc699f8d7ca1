#include "flow/chunk_store.h"

#include <unistd.h>

#include <system_error>

#include "json/reader.h"

namespace greffe::flow {
namespace {

using json::Array;
using json::Object;

constexpr std::string_view Schema = "greffe.chunk/1";

Array damage_json(const DamageLog& damage) {
  Array entries;
  for (const Damage& entry : damage.entries())
    entries.push_back(Object{{"condition", entry.condition},
                             {"place", entry.place},
                             {"unit", entry.unit},
                             {"count", entry.count},
                             {"amount", entry.amount},
                             {"text", entry.text}});
  return entries;
}

Array glyphs_json(const canvas::TextGaps& gaps) {
  std::vector<std::int64_t> code_points(gaps.glyphs.begin(), gaps.glyphs.end());
  return Array(code_points.begin(), code_points.end());
}

Damage damage_of(json::Reader& entry) {
  return {.condition = entry.text("condition"),
          .place = entry.text("place"),
          .unit = entry.text("unit"),
          .count = static_cast<std::uint64_t>(entry.integer("count")),
          .amount = static_cast<std::uint64_t>(entry.integer("amount")),
          .text = entry.text("text")};
}

Result<json::Value> read_paper(const Path& path) {
  GREFFE_TRY(const std::string text, read_text(path, 4u << 20));
  return json::parse(text);
}

}  // namespace

Path ChunkStore::path_of(const ChunkId& id, std::string_view ending) const {
  return folder_ / fmt::format("{:06}-{}{}", id.index, id.key.hex().substr(0, 32), ending);
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
  ChunkReport report;
  report.packets = reader.integer("frames");
  for (const json::Value& value : reader.array("damage")) {
    json::Reader entry(value, reader.place_of("damage"));
    report.damage.add_entry(damage_of(entry));
    GREFFE_CHECK(entry.status());
  }
  for (const json::Value& glyph : reader.array("missing_glyphs"))
    if (const std::int64_t* code_point = glyph.find_integer())
      report.gaps.glyphs.insert(static_cast<char32_t>(*code_point));
  report.gaps.other_font = reader.find_text("other_font").value_or("");
  GREFFE_CHECK(reader.status());
  return report;
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
  GREFFE_CHECK(make_directories(store.folder_));
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

Status ChunkWriter::finish(const ChunkReport& report) {
  GREFFE_CHECK(muxer_.finish());
  GREFFE_CHECK(sync_file(part_));
  GREFFE_TRY(const fixity::FileDigest digest, fixity::digest_of_file(part_));
  std::error_code error;
  std::filesystem::rename(part_, store_->path_of(id_, ".mkv"), error);  // replaces one that is not whole
  if (error) return fail("{}: {}", part_.string(), error.message());
  part_.clear();
  const Object paper{{"schema", Schema},
                     {"key", id_.key.hex()},
                     {"sha256", digest.digest.hex()},
                     {"frames", packets_},
                     {"damage", damage_json(report.damage)},
                     {"missing_glyphs", glyphs_json(report.gaps)},
                     {"other_font", report.gaps.other_font}};
  return write_text_atomically(store_->path_of(id_, ".json"),
                               json::write(paper, json::Style::Indented) + "\n");
}

}  // namespace greffe::flow
