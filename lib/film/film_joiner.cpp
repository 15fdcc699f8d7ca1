#include "film/film_joiner.h"

#include <algorithm>

#include "caption/webvtt.h"

namespace greffe::film {
namespace {

// "Ann: hello", for tracks that know no speakers.
std::string plain_cue_text(const caption::Cue& cue) {
  return cue.speaker.empty() ? cue.text : fmt::format("{}: {}", cue.speaker, cue.text);
}

}  // namespace

// The pictures of a film in order, out of its chunks as they come.
class FilmJoiner::Feed {
 public:
  Feed(ChunkWorkers& workers, std::size_t target, Bytes codec_private)
      : workers_(workers),
        target_(target),
        chunks_(workers.targets()[target].chunks),
        store_(*workers.targets()[target].store),
        grid_(workers.grid()),
        codec_private_(codec_private),
        variable_rate_(!workers.targets()[target].order->copied.empty()) {}

  // As the film's muxer takes it. nullptr at the end, and where a chunk does not come.
  Result<const media::CodedFrame*> next();

 private:
  Result<bool> open_next();
  Result<bool> has_more_chunks();
  Status take(const container::StoredFrame& stored);

  ChunkWorkers& workers_;
  const std::size_t target_;
  const std::vector<ChunkId>& chunks_;
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

// Passes over chunks without pictures: where one that is copied stands for long.
Result<bool> FilmJoiner::Feed::has_more_chunks() {
  for (; chunk_ < chunks_.size() && workers_.wait_for(target_, chunk_); ++chunk_) {
    if (!variable_rate_) return true;
    GREFFE_TRY(const ChunkReport chunk, store_.report_of(chunks_[chunk_]));
    if (chunk.packets > 0) return true;
  }
  return false;
}

Result<bool> FilmJoiner::Feed::open_next() {
  GREFFE_TRY(const bool more, has_more_chunks());
  if (!more) return false;
  const ChunkId& id = chunks_[chunk_++];
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

Status FilmJoiner::Feed::take(const container::StoredFrame& stored) {
  --left_;
  frame_.ticks = variable_rate_ ? std::max(stored.time_ms, frame_.ticks + (frames_ > 0 ? 1 : 0)) : frames_;
  ++frames_;
  // Only the last of a film has nothing behind it that ends it.
  bool more = left_ > 0 || !variable_rate_;
  if (!more) {
    GREFFE_TRY(more, has_more_chunks());
  }
  frame_.duration_ticks = more ? 1 : whole_ms(grid_.clock.start_of(grid_.frames)) - frame_.ticks;
  frame_.bytes.assign(stored.bytes.begin(), stored.bytes.end());
  frame_.key = stored.key;
  return {};
}

Result<const media::CodedFrame*> FilmJoiner::Feed::next() {
  while (true) {
    if (!pictures_) {
      GREFFE_TRY(const bool opened, open_next());
      if (!opened) return nullptr;
    }
    GREFFE_TRY(const auto stored, pictures_->next());
    if (stored && left_ > 0) {
      GREFFE_CHECK(take(*stored));
      return &frame_;
    }
    pictures_.reset();
    if (stored || left_ > 0)
      return fail("{}: chunk {} does not have all its pictures", store_.folder().string(), chunk_ - 1);
  }
}

FilmJoiner::FilmJoiner(const JoinedFilm& film, ChunkWorkers& workers, SoundFeed& sound)
    : film_(film), order_(film.order), workers_(workers), sound_(sound) {}

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
                         : workers_.grid().clock.start_of(picture.ticks);
}

// Puts pictures, sound and cues in one order of time.
Status FilmJoiner::write_film(container::FilmMuxer& muxer, Bytes codec_private) {
  Feed pictures(workers_, film_.target, codec_private);
  GREFFE_TRY(const media::CodedFrame* picture, pictures.next());
  auto sound = sound_.next(film_.film);
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
      sound = sound_.next(film_.film);
    }
  }
  return {};
}

// What is said of the pictures ahead of them is known before the first of them is.
Result<container::FilmFormat> FilmJoiner::format() const {
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
  format.sound_private = sound_.codec_private(film_.film);
  format.pre_skip = SoundCoder::PreSkip;
  format.captions = order_.caption_track;
  format.language = order_.language;
  format.title = order_.folder->meeting.title;
  for (const layout::Chapter& chapter : order_.plan->chapters)
    format.chapters.push_back({chapter.start, chapter.title});
  format.end = workers_.grid().clock.start_of(workers_.grid().frames);
  return format;
}

Status FilmJoiner::write(const Path& target) {
  GREFFE_TRY(const container::FilmFormat film_format, format());
  GREFFE_TRY(container::FilmMuxer muxer, container::FilmMuxer::create(target, film_format));
  GREFFE_CHECK(write_film(muxer, film_format.video_private));
  return muxer.finish();
}

}  // namespace greffe::film
