#include "flow/render_film.h"

#include <algorithm>
#include <new>
#include <set>
#include <thread>

#include "base/log.h"
#include "caption/webvtt.h"
#include "flow/chunk_workers.h"
#include "flow/earlier_film.h"
#include "flow/sound_stage.h"

namespace greffe::flow {
namespace {

// Twenty seconds of it: sound is coded while the pictures of a chunk are.
constexpr std::size_t SoundPacketsAhead = 1024;

// The pictures of a film in order, out of its chunks as they come.
class ChunkFeed {
 public:
  ChunkFeed(ChunkWorkers& workers, const ChunkStore& store, const ChunkGrid& grid, Bytes codec_private,
            bool variable_rate)
      : workers_(workers),
        store_(store),
        grid_(grid),
        codec_private_(codec_private),
        variable_rate_(variable_rate) {}

  // As the film's muxer takes it. nullptr at the end, and where a chunk does not come.
  Result<const media::CodedFrame*> next();

 private:
  Result<bool> open_next();
  void take(const container::StoredFrame& stored);

  ChunkWorkers& workers_;
  const ChunkStore& store_;
  const ChunkGrid grid_;
  const Bytes codec_private_;  // of all chunks
  const bool variable_rate_;
  std::size_t chunk_ = 0;  // that is read next
  std::optional<container::Demuxer> pictures_;
  std::int64_t left_ = 0;  // of the chunk that is read
  media::CodedFrame frame_;
  std::int64_t frames_ = 0;
};

Result<bool> ChunkFeed::open_next() {
  if (chunk_ == workers_.chunks().size() || !workers_.wait_for(chunk_)) return false;
  const ChunkId& id = workers_.chunks()[chunk_++];
  GREFFE_TRY(container::Demuxer opened, store_.pictures_of(id));
  GREFFE_TRY(const ChunkReport chunk, store_.report_of(id));
  const FrameSpan span = grid_.span_of(id.index);
  if (!variable_rate_ && chunk.packets != span.end - span.first)
    return fail("{}: chunk {} does not have all its pictures", store_.folder().string(), chunk_ - 1);
  left_ = chunk.packets;
  if (!std::ranges::equal(opened.codec_private(), codec_private_))
    return fail("{}: chunk {} is not coded as the others are", store_.folder().string(), chunk_ - 1);
  pictures_.emplace(std::move(opened));
  return true;
}

void ChunkFeed::take(const container::StoredFrame& stored) {
  --left_;
  frame_.ticks = variable_rate_ ? std::max(stored.time_ms, frame_.ticks + (frames_ > 0 ? 1 : 0)) : frames_;
  ++frames_;
  // Only the last of a film has nothing behind it that ends it.
  const bool last = left_ == 0 && chunk_ == workers_.chunks().size();
  frame_.duration_ticks = last ? whole_ms(grid_.clock.start_of(grid_.frames)) - frame_.ticks : 1;
  frame_.bytes.assign(stored.bytes.begin(), stored.bytes.end());
  frame_.key = stored.key;
}

Result<const media::CodedFrame*> ChunkFeed::next() {
  while (true) {
    if (!pictures_) {
      GREFFE_TRY(const bool opened, open_next());
      if (!opened) return nullptr;
    }
    GREFFE_TRY(const auto stored, pictures_->next());
    if (stored && left_ > 0) {
      take(*stored);
      return &frame_;
    }
    pictures_.reset();
    if (stored || left_ > 0)
      return fail("{}: chunk {} does not have all its pictures", store_.folder().string(), chunk_ - 1);
  }
}

SoundMix mix_of(const FilmOrder& order) { return {order.gains, order.pan ? order.plan : nullptr}; }

// "Ann: hello", for tracks that know no speakers.
std::string plain_cue_text(const caption::Cue& cue) {
  return cue.speaker.empty() ? cue.text : fmt::format("{}: {}", cue.speaker, cue.text);
}

// Sound and chunks → the film's file.
class FilmJoiner {
 public:
  FilmJoiner(const Rendering& rendering, ChunkWorkers& workers)
      : order_(rendering.order), store_(rendering.store), grid_(rendering.order.grid()), workers_(workers) {}

  Result<RenderedChunks> run(const Path& target, DamageLog& damage);

 private:
  void code_sound(SoundStage& stage);
  MeetingTime time_of(const media::CodedFrame& picture) const;
  Status write_film(container::FilmMuxer& muxer, Bytes codec_private);
  Status write_cues_until(container::FilmMuxer& muxer, MeetingTime time);
  Result<RenderedChunks> chunks() const;
  bool variable_rate() const { return !order_.copied.empty(); }
  Result<container::FilmFormat> format_of(const SoundStage& sound) const;

  const FilmOrder& order_;
  const ChunkStore& store_;
  const ChunkGrid grid_;
  ChunkWorkers& workers_;
  BoundedQueue<SoundPacket> sound_{SoundPacketsAhead};
  Status sound_failure_;  // read when the thread has ended
  std::size_t next_cue_ = 0;
};

void FilmJoiner::code_sound(SoundStage& stage) {
  // The standard library throws where memory ends, which must not end the program (R101).
  try {
    while (true) {
      auto packets = stage.next();
      if (!packets) sound_failure_ = tl::unexpected(packets.error());
      if (!packets || packets->empty()) break;
      for (SoundPacket& packet : *packets)
        if (!sound_.push(std::move(packet))) return;
    }
  } catch (const std::bad_alloc&) {
    sound_failure_ = fail("out of memory");
  }
  sound_.close();
}

Status FilmJoiner::write_cues_until(container::FilmMuxer& muxer, MeetingTime time) {
  if (!order_.caption_track) return {};
  for (; next_cue_ < order_.cues.size() && order_.cues[next_cue_].range.start <= time; ++next_cue_) {
    const caption::Cue& cue = order_.cues[next_cue_];
    const bool plain = order_.coding.container == container::FilmContainer::Mp4;
    GREFFE_CHECK(muxer.write_caption(plain ? plain_cue_text(cue) : caption::webvtt_cue_text(cue), cue.range));
  }
  return {};
}

MeetingTime FilmJoiner::time_of(const media::CodedFrame& picture) const {
  return variable_rate() ? MeetingTime(std::chrono::milliseconds(picture.ticks))
                         : grid_.clock.start_of(picture.ticks);
}

// Puts pictures, sound and cues in one order of time.
Status FilmJoiner::write_film(container::FilmMuxer& muxer, Bytes codec_private) {
  ChunkFeed pictures(workers_, store_, grid_, codec_private, variable_rate());
  GREFFE_TRY(const media::CodedFrame* picture, pictures.next());
  auto sound = sound_.pop();
  while (picture || sound) {
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    const MeetingTime picture_time = picture ? time_of(*picture) : MeetingTime::max();
    const MeetingTime sound_time =
        sound ? MeetingTime(Duration(sound->sample * 1'000'000 / 48)) : MeetingTime::max();
    GREFFE_CHECK(write_cues_until(muxer, std::min(picture_time, sound_time)));
    if (picture_time <= sound_time) {
      GREFFE_CHECK(muxer.write_video(*picture));
      GREFFE_TRY(picture, pictures.next());
    } else {
      GREFFE_CHECK(muxer.write_audio(sound->bytes, sound->sample, sound->length, sound->discard));
      sound = sound_.pop();
    }
  }
  return {};
}

// What is said of the pictures ahead of them is known before the first of them is.
Result<container::FilmFormat> FilmJoiner::format_of(const SoundStage& sound) const {
  container::FilmFormat format;
  format.container = order_.coding.container;
  format.video = order_.coding.video;
  format.size = {order_.plan->width, order_.plan->height};
  format.rate_numerator = order_.rate.numerator;
  format.rate_denominator = order_.rate.denominator;
  format.variable_rate = variable_rate();
  GREFFE_TRY(const codec::VideoEncoder encoder,
             codec::VideoEncoder::open({.codec = format.video, .size = format.size, .rate = order_.rate}));
  format.video_private = encoder.codec_private();
  format.sound = order_.coding.sound;
  format.sound_private = sound.codec_private();
  format.pre_skip = SoundStage::PreSkip;
  format.captions = order_.caption_track;
  format.language = order_.language;
  format.title = order_.folder->meeting.title;
  for (const layout::Chapter& chapter : order_.plan->chapters)
    format.chapters.push_back({chapter.start, chapter.title});
  format.end = grid_.clock.start_of(grid_.frames);
  return format;
}

Result<RenderedChunks> FilmJoiner::chunks() const {
  RenderedChunks chunks;
  for (const ChunkId& id : workers_.chunks()) {
    GREFFE_TRY(ChunkReport report, store_.report_of(id));
    chunks.push_back({id, std::move(report)});
  }
  return chunks;
}

// What was met in all chunks, whichever run rendered them. What has no unit is told of a track once.
void report(const RenderedChunks& chunks, DamageLog& damage) {
  canvas::TextGaps gaps;
  std::set<std::pair<std::string, std::string>> told;
  for (const RenderedChunk& chunk : chunks) {
    for (const Damage& entry : chunk.report.damage.entries())
      if (!entry.unit.empty() || told.emplace(entry.condition, entry.place).second) damage.add_entry(entry);
    gaps.add(chunk.report.gaps);
  }
  gaps.report(damage);
}

Result<RenderedChunks> FilmJoiner::run(const Path& target, DamageLog& damage) {
  DamageLog sound_damage;
  GREFFE_TRY(SoundStage sound, SoundStage::open(*order_.folder, grid_.clock.samples_of(grid_.frames),
                                                order_.coding, mix_of(order_), sound_damage));
  GREFFE_TRY(const container::FilmFormat format, format_of(sound));
  GREFFE_TRY(container::FilmMuxer muxer, container::FilmMuxer::create(target, format));
  Status written;
  {
    const std::jthread hearing([&] { code_sound(sound); });
    written = write_film(muxer, format.video_private);
    sound_.close();
    if (!written) workers_.stop();
  }
  GREFFE_CHECK(workers_.finish());
  GREFFE_CHECK(sound_failure_);
  GREFFE_CHECK(written);
  GREFFE_TRY(RenderedChunks joined, chunks());
  report(joined, damage);
  damage.add_all(sound_damage);
  GREFFE_CHECK(muxer.finish());
  return joined;
}

}  // namespace

// Of a share, after the film before this one has given what it has.
Result<std::vector<ChunkId>> Rendering::missing(ChunkWorkers& workers, const ChunkShare& share) const {
  const std::vector<ChunkId>& all = workers.chunks();
  const std::size_t first = all.size() * (share.number - 1) / share.of;
  const std::size_t end = all.size() * share.number / share.of;
  std::size_t given = 0;
  if (earlier) {
    const std::vector<ChunkId> wanted(all.begin() + static_cast<std::ptrdiff_t>(first),
                                      all.begin() + static_cast<std::ptrdiff_t>(end));
    GREFFE_TRY(given, EarlierFilm::open(*earlier, wanted).give(order, store));
  }
  std::vector<ChunkId> missing = workers.find_missing(first, end);
  log::info("{} of {} chunks are rendered, {} come from the film before", missing.size(), end - first, given);
  return missing;
}

Status Rendering::render_chunks(const ChunkShare& share) const {
  ChunkWorkers workers(order, order.grid(), store, jobs, progress);
  GREFFE_TRY(const std::vector<ChunkId> wanted, missing(workers, share));
  workers.start(wanted);
  return workers.finish();
}

Result<RenderedChunks> Rendering::render_film(const Path& target, DamageLog& damage) const {
  ChunkWorkers workers(order, order.grid(), store, jobs, progress);
  GREFFE_TRY(const std::vector<ChunkId> wanted, missing(workers, {}));
  workers.start(wanted);
  return FilmJoiner(*this, workers).run(target, damage);
}

Result<RenderedChunks> Rendering::join(const Path& target, DamageLog& damage) const {
  ChunkWorkers workers(order, order.grid(), store, jobs, progress);
  std::string lacking;
  for (const ChunkId& id : workers.find_missing(0, workers.chunks().size()))
    lacking += fmt::format("{}{}", lacking.empty() ? "" : ", ", id.index + 1);
  if (!lacking.empty())
    return fail("{}: of {} chunks these are missing: {}; render them with --chunk, or leave --join away",
                store.folder().string(), workers.chunks().size(), lacking);
  return FilmJoiner(*this, workers).run(target, damage);
}

}  // namespace greffe::flow
