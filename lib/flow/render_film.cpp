#include "flow/render_film.h"

#include <mutex>
#include <new>
#include <thread>

#include "caption/webvtt.h"
#include "flow/bounded_queue.h"
#include "flow/film_text.h"
#include "flow/picture_stage.h"
#include "flow/sound_stage.h"

namespace greffe::flow {
namespace {

// Canvases between drawing and coding: enough to even out key frames, few enough for any size of film.
constexpr std::size_t Slots = 32;

// A picture to be coded: a slot's canvas, or the one before once more.
struct DrawnPicture {
  std::size_t slot = 0;
  bool repeat = false;
};

class FilmRenderer {
 public:
  FilmRenderer(const FilmOrder& order, ProgressSink& progress)
      : order_(order),
        progress_(progress),
        clock_{order.rate},
        frames_(clock_.frames_until(order.plan->scenes.back().range.end)) {}

  Status run(const Path& target, DamageLog& damage);

 private:
  void draw_pictures(PictureStage& stage, FilmText& text);
  bool draw_picture(PictureStage& stage, FilmText& text, std::int64_t frame);
  void code_pictures(codec::VideoEncoder& encoder);
  void code_sound(SoundStage& stage);
  Status write_film(container::FilmMuxer& muxer);
  Status write_cues_until(container::FilmMuxer& muxer, MeetingTime time);
  container::FilmFormat format_of(const SoundStage& sound) const;
  codec::VideoEncoderOptions encoder_options() const;

  void stop() {
    free_.close();
    drawn_.close();
    coded_.close();
    sound_.close();
  }
  // The first failure of any thread counts; all others end.
  void fail_with(Error error) {
    {
      const std::lock_guard lock(failure_mutex_);
      if (failure_) failure_ = tl::unexpected(std::move(error));
    }
    stop();
  }

  // What a thread does. The standard library throws where memory ends, which must not end the program (R101).
  template <class Work>
  void guarded(Work work) {
    try {
      work();
    } catch (const std::bad_alloc&) {
      fail_with(Error("out of memory"));
    }
  }

  const FilmOrder& order_;
  ProgressSink& progress_;
  const FilmClock clock_;
  const std::int64_t frames_;

  std::vector<canvas::Canvas> canvases_;
  BoundedQueue<std::size_t> free_{Slots};
  BoundedQueue<DrawnPicture> drawn_{Slots};
  BoundedQueue<media::CodedFrame> coded_{64};
  BoundedQueue<SoundPacket> sound_{256};
  std::size_t next_cue_ = 0;
  std::mutex failure_mutex_;
  Status failure_;
};

// Draws frame `frame` and hands it on. False when nobody wants it any more.
bool FilmRenderer::draw_picture(PictureStage& stage, FilmText& text, std::int64_t frame) {
  const MeetingTime time = clock_.middle_of(frame);
  const bool tiles_changed = stage.draw(time);
  const bool caption_changed = text.turn_to(time);
  if (frame > 0 && !tiles_changed && !caption_changed) return drawn_.push({0, true});
  const auto slot = free_.pop();
  if (!slot) return false;
  canvas::Canvas& picture = canvases_[*slot];
  picture.copy_from(stage.canvas());
  text.draw_caption(picture);
  return drawn_.push({*slot, false});
}

void FilmRenderer::draw_pictures(PictureStage& stage, FilmText& text) {
  for (std::int64_t frame = 0; frame < frames_; ++frame) {
    if (stop_requested()) return fail_with(Error("stopped", ErrorKind::Interrupted));
    if (!draw_picture(stage, text, frame)) return;
  }
  drawn_.close();
}

void FilmRenderer::code_pictures(codec::VideoEncoder& encoder) {
  std::optional<std::size_t> held;
  const auto hand_on = [&](Result<std::vector<media::CodedFrame>> frames) {
    if (!frames) {
      fail_with(frames.error());
      return false;
    }
    for (media::CodedFrame& frame : *frames)
      if (!coded_.push(std::move(frame))) return false;
    return true;
  };
  while (const auto drawn = drawn_.pop()) {
    if (!drawn->repeat) {
      if (held && !free_.push(*held)) return;
      held = drawn->slot;
    }
    if (!hand_on(encoder.encode(canvases_[*held].picture()))) return;
  }
  if (hand_on(encoder.finish())) coded_.close();
}

void FilmRenderer::code_sound(SoundStage& stage) {
  while (true) {
    auto packets = stage.next();
    if (!packets) return fail_with(packets.error());
    if (packets->empty()) return sound_.close();
    for (SoundPacket& packet : *packets)
      if (!sound_.push(std::move(packet))) return;
  }
}

Status FilmRenderer::write_cues_until(container::FilmMuxer& muxer, MeetingTime time) {
  if (!order_.caption_track) return {};
  for (; next_cue_ < order_.cues.size() && order_.cues[next_cue_].range.start <= time; ++next_cue_) {
    const caption::Cue& cue = order_.cues[next_cue_];
    GREFFE_CHECK(muxer.write_caption(caption::webvtt_cue_text(cue), cue.range));
  }
  return {};
}

// Puts pictures, sound and cues in one order of time.
Status FilmRenderer::write_film(container::FilmMuxer& muxer) {
  auto picture = coded_.pop();
  auto sound = sound_.pop();
  while (picture || sound) {
    const MeetingTime picture_time = picture ? clock_.start_of(picture->ticks) : MeetingTime::max();
    const MeetingTime sound_time =
        sound ? MeetingTime(Duration(sound->sample * 1'000'000 / 48)) : MeetingTime::max();
    GREFFE_CHECK(write_cues_until(muxer, std::min(picture_time, sound_time)));
    if (picture_time <= sound_time) {
      GREFFE_CHECK(muxer.write_video(*picture));
      progress_.advance("composing", static_cast<std::uint64_t>(picture->ticks) + 1,
                        static_cast<std::uint64_t>(frames_));
      picture = coded_.pop();
    } else {
      GREFFE_CHECK(muxer.write_audio(sound->bytes, sound->sample, sound->length, sound->discard));
      sound = sound_.pop();
    }
  }
  return {};
}

container::FilmFormat FilmRenderer::format_of(const SoundStage& sound) const {
  container::FilmFormat format;
  format.container = order_.container;
  format.video = order_.video;
  format.size = {order_.plan->width, order_.plan->height};
  format.rate_numerator = order_.rate.numerator;
  format.rate_denominator = order_.rate.denominator;
  format.opus_head = sound.opus_head();
  format.opus_pre_skip = SoundStage::PreSkip;
  format.captions = order_.caption_track;
  format.caption_language = order_.caption_language;
  format.title = order_.folder->meeting.title;
  return format;
}

codec::VideoEncoderOptions FilmRenderer::encoder_options() const {
  codec::VideoEncoderOptions options;
  options.codec = order_.video;
  options.size = {order_.plan->width, order_.plan->height};
  options.rate = order_.rate;
  // A player that seeks finds a key frame within ten seconds.
  options.key_interval = std::max(1, 10 * order_.rate.numerator / order_.rate.denominator);
  return options;
}

Status FilmRenderer::run(const Path& target, DamageLog& damage) {
  DamageLog sound_damage;
  GREFFE_TRY(SoundStage sound, SoundStage::open(*order_.folder, clock_.samples_of(frames_),
                                                order_.sound_bitrate_bps, sound_damage));
  GREFFE_TRY(codec::VideoEncoder encoder, codec::VideoEncoder::open(encoder_options()));
  GREFFE_TRY(container::FilmMuxer muxer, container::FilmMuxer::create(target, format_of(sound)));
  GREFFE_TRY(FilmText text,
             FilmText::create(order_.folder->meeting,
                              order_.burn_captions ? order_.cues : std::vector<caption::Cue>{}));
  PictureStage pictures(*order_.folder, *order_.plan, text, damage);
  for (std::size_t slot = 0; slot < Slots; ++slot) {
    canvases_.emplace_back(order_.plan->width, order_.plan->height);
    free_.push(slot);
  }

  std::thread drawing([&] { guarded([&] { draw_pictures(pictures, text); }); });
  std::thread coding([&] { guarded([&] { code_pictures(encoder); }); });
  std::thread hearing([&] { guarded([&] { code_sound(sound); }); });
  if (const Status written = write_film(muxer); !written) fail_with(written.error());
  stop();
  drawing.join();
  coding.join();
  hearing.join();

  GREFFE_CHECK(failure_);
  pictures.finish();
  text.report(damage);
  damage.add_all(sound_damage);
  return muxer.finish();
}

}  // namespace

Status render_film(const FilmOrder& order, const Path& target, ProgressSink& progress, DamageLog& damage) {
  return FilmRenderer(order, progress).run(target, damage);
}

}  // namespace greffe::flow
