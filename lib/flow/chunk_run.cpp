#include "flow/chunk_run.h"

#include <new>
#include <thread>

#include "base/progress.h"

namespace greffe::flow {

ChunkRun::ChunkRun(const FilmOrder& order, const ChunkGrid& grid, const ChunkStore& store, std::size_t slots)
    : order_(order), grid_(grid), store_(store), free_(slots), drawn_(slots) {
  for (std::size_t slot = 0; slot < slots; ++slot) {
    canvases_.emplace_back(order.plan->width, order.plan->height);
    free_.push(slot);
  }
}

void ChunkRun::stop() { fail_with(Error("stopped", ErrorKind::Interrupted)); }

// The first failure counts; both threads end.
void ChunkRun::fail_with(Error error) {
  {
    const std::lock_guard lock(failure_mutex_);
    if (failure_) failure_ = tl::unexpected(std::move(error));
  }
  free_.close();
  drawn_.close();
}

// Draws frame `frame` and hands it on. False when nobody wants it any more.
bool ChunkRun::draw_picture(PictureStage& stage, FilmText& text, std::int64_t frame, bool first) {
  const MeetingTime time = grid_.clock.middle_of(frame);
  stage.draw(time);
  const bool caption_changed = text.turn_to(time);
  if (!first && stage.canvas().changed().empty() && !caption_changed) return drawn_.push({.repeat = true});
  const auto slot = free_.pop();
  if (!slot) return false;
  Drawn drawn{.slot = *slot};
  const auto add = [&](const layout::Rectangle& area) {
    drawn.changed.push_back({area.x, area.y, area.width, area.height});
  };
  for (const layout::Rectangle& area : stage.canvas().changed()) add(area);
  canvas::Canvas& picture = canvases_[*slot];
  picture.copy_from(stage.canvas());
  const auto add_words = [&] {
    if (caption_changed)
      for (const layout::Rectangle& area : text.drawn_areas()) add(area);
  };
  add_words();  // of those before
  text.draw_over(picture);
  picture.forget_changes();
  add_words();
  return drawn_.push(std::move(drawn));
}

void ChunkRun::draw(std::span<const ChunkId> chunks, PictureStage& stage, FilmText& text) {
  for (const ChunkId& id : chunks) {
    const FrameSpan span = grid_.span_of(id.index);
    stage.begin_chunk(span.first == 0 ? MeetingTime::min() : grid_.clock.middle_of(span.first - 1));
    for (std::int64_t frame = span.first; frame < span.end; ++frame) {
      if (stop_requested()) return stop();
      if (!draw_picture(stage, text, frame, frame == span.first)) return;
    }
    if (!drawn_.push({.end = ChunkReport{stage.end_chunk(), text.gaps()}})) return;
  }
}

codec::VideoEncoderOptions ChunkRun::encoder_options(const FrameSpan& span) const {
  codec::VideoEncoderOptions options;
  options.codec = order_.coding.video;
  options.size = {order_.plan->width, order_.plan->height};
  options.rate = order_.rate;
  options.key_interval = static_cast<int>(span.end - span.first);
  return options;
}

container::TrackFormat ChunkRun::format(const codec::VideoEncoder& encoder) const {
  container::TrackFormat format;
  format.codec = order_.coding.video;
  format.size = {order_.plan->width, order_.plan->height};
  format.codec_private = encoder.codec_private();
  return format;
}

Status ChunkRun::code_chunk(const ChunkId& id, const ChunkListener& listener) {
  GREFFE_TRY(codec::VideoEncoder encoder,
             codec::VideoEncoder::open(encoder_options(grid_.span_of(id.index))));
  GREFFE_TRY(ChunkWriter writer, ChunkWriter::create(store_, id, format(encoder), order_.rate));
  const auto write = [&](const std::vector<media::CodedFrame>& frames) -> Status {
    for (const media::CodedFrame& frame : frames) {
      GREFFE_CHECK(writer.write(frame));
      listener.frame_coded();
    }
    return {};
  };
  while (auto drawn = drawn_.pop()) {
    if (drawn->end) {
      GREFFE_TRY(const auto rest, encoder.finish());
      GREFFE_CHECK(write(rest));
      GREFFE_CHECK(writer.finish(*drawn->end));
      listener.done(id.index);
      return {};
    }
    if (!drawn->repeat) {
      if (held_) free_.push(*held_);
      held_ = drawn->slot;
    }
    GREFFE_TRY(const auto frames, encoder.encode(canvases_[*held_].picture(), drawn->changed));
    GREFFE_CHECK(write(frames));
  }
  return fail(ErrorKind::Interrupted, "stopped");
}

Status ChunkRun::code(std::span<const ChunkId> chunks, const ChunkListener& listener) {
  for (const ChunkId& id : chunks) GREFFE_CHECK(code_chunk(id, listener));
  return {};
}

Status ChunkRun::render(std::span<const ChunkId> chunks, const ChunkListener& listener) {
  GREFFE_TRY(FilmText text,
             FilmText::create(order_.folder->meeting,
                              order_.burn_captions ? order_.cues : std::vector<caption::Cue>{}, order_.look));
  PictureStage stage(*order_.folder, *order_.plan, text, order_.look);
  {
    const std::jthread drawing([&] {
      // The standard library throws where memory ends, which must not end the program (R101).
      try {
        draw(chunks, stage, text);
      } catch (const std::bad_alloc&) {
        fail_with(Error("out of memory"));
      }
    });
    if (const Status coded = code(chunks, listener); !coded) fail_with(coded.error());
  }
  return failure_;
}

}  // namespace greffe::flow
