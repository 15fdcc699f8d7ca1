#include "flow/chunk_run.h"

#include <new>
#include <thread>

#include "base/progress.h"

namespace greffe::flow {

ChunkRun::ChunkRun(const FilmOrder& order, const ChunkGrid& grid, const ChunkStore& store, std::size_t slots)
    : order_(order),
      grid_(grid),
      store_(store),
      free_(slots),
      drawn_(slots),
      copier_(*order.folder, grid.clock) {
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

bool ChunkRun::draw_piece(PictureStage& stage, FilmText& text, const FrameSpan& span) {
  stage.begin_chunk(span.first == 0 ? MeetingTime::min() : grid_.clock.middle_of(span.first - 1));
  for (std::int64_t frame = span.first; frame < span.end; ++frame) {
    if (stop_requested()) return stop(), false;
    if (!draw_picture(stage, text, frame, frame == span.first)) return false;
  }
  return true;
}

void ChunkRun::draw(std::span<const ChunkId> chunks, PictureStage& stage, FilmText& text) {
  for (const ChunkId& id : chunks) {
    for (const ChunkPiece& piece : pieces_of(order_.copied, grid_.span_of(id.index)))
      if (!piece.copied && !draw_piece(stage, text, piece.frames)) return;
    if (!drawn_.push({.end = ChunkReport{stage.end_chunk(), text.take_gaps()}})) return;
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

container::TrackFormat ChunkRun::format(Bytes codec_private) const {
  container::TrackFormat format;
  format.codec = order_.coding.video;
  format.size = {order_.plan->width, order_.plan->height};
  format.codec_private.assign(codec_private.begin(), codec_private.end());
  return format;
}

Status ChunkRun::code_piece(const FrameSpan& span, codec::VideoEncoder& encoder, ChunkWriter& writer,
                            const ChunkListener& listener) {
  const auto write = [&](const std::vector<media::CodedFrame>& frames) -> Status {
    for (const media::CodedFrame& frame : frames) {
      GREFFE_CHECK(writer.write(frame, span.first + frame.ticks));
      listener.frames_coded(1);
    }
    return {};
  };
  for (std::int64_t frame = span.first; frame < span.end; ++frame) {
    const auto drawn = drawn_.pop();
    if (!drawn) return fail(ErrorKind::Interrupted, "stopped");
    if (!drawn->repeat) {
      if (held_) free_.push(*held_);
      held_ = drawn->slot;
    }
    GREFFE_TRY(const auto frames, encoder.encode(canvases_[*held_].picture(), drawn->changed));
    GREFFE_CHECK(write(frames));
  }
  GREFFE_TRY(const auto rest, encoder.finish());
  return write(rest);
}

Status ChunkRun::code_chunk(const ChunkId& id, const ChunkListener& listener) {
  // What is copied is VP8 or VP9, of which decoders need to know nothing ahead.
  std::optional<ChunkWriter> writer;
  const auto begin = [&](Bytes codec_private) -> Status {
    if (writer) return {};
    GREFFE_TRY(ChunkWriter made, ChunkWriter::create(store_, id, format(codec_private), order_.rate));
    writer.emplace(std::move(made));
    return {};
  };
  for (const ChunkPiece& piece : pieces_of(order_.copied, grid_.span_of(id.index))) {
    if (piece.copied) {
      GREFFE_CHECK(begin({}));
      GREFFE_CHECK(copier_.copy(piece, *writer));
      listener.frames_coded(piece.frames.end - piece.frames.first);
    } else {
      GREFFE_TRY(codec::VideoEncoder encoder, codec::VideoEncoder::open(encoder_options(piece.frames)));
      GREFFE_CHECK(begin(encoder.codec_private()));
      GREFFE_CHECK(code_piece(piece.frames, encoder, *writer, listener));
    }
  }
  const auto last = drawn_.pop();
  if (!last || !last->end) return fail(ErrorKind::Interrupted, "stopped");
  GREFFE_CHECK(writer->finish(*last->end));
  listener.done(id.index);
  return {};
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
