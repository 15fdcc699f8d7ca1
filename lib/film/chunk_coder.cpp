#include "film/chunk_coder.h"

#include "film/copied_spans.h"

namespace greffe::film {

PictureSlots::PictureSlots(int width_px, int height_px, std::size_t count) : users_(count), free_(count) {
  for (std::size_t slot = 0; slot < count; ++slot) {
    canvases_.emplace_back(width_px, height_px);
    free_.push(slot);
  }
}

ChunkCoder::ChunkCoder(const ChunkTarget& target, std::size_t number, const ChunkGrid& grid,
                       PictureSlots& slots, std::size_t waiting)
    : target_(target),
      order_(*target.order),
      number_(number),
      grid_(grid),
      slots_(slots),
      drawn_(waiting),
      copier_(*order_.folder, grid.clock) {}

codec::VideoEncoderOptions ChunkCoder::encoder_options(const FrameSpan& span) const {
  codec::VideoEncoderOptions options;
  options.codec = order_.coding.video;
  options.size = {order_.plan->width, order_.plan->height};
  options.rate = order_.rate;
  options.key_interval = static_cast<int>(span.end - span.first);
  return options;
}

container::TrackFormat ChunkCoder::format(Bytes codec_private) const {
  container::TrackFormat format;
  format.codec = order_.coding.video;
  format.size = {order_.plan->width, order_.plan->height};
  format.codec_private.assign(codec_private.begin(), codec_private.end());
  return format;
}

void ChunkCoder::let_go() {
  if (held_) slots_.give_back(*held_);
  held_.reset();
}

Status ChunkCoder::code_piece(const FrameSpan& span, codec::VideoEncoder& encoder, ChunkWriter& writer,
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
      let_go();
      held_ = drawn->slot;
    }
    GREFFE_TRY(const auto frames, encoder.encode(slots_.canvas(*held_).picture(), drawn->changed));
    GREFFE_CHECK(write(frames));
  }
  // One who waits for nothing keeps no picture from the others.
  let_go();
  GREFFE_TRY(const auto rest, encoder.finish());
  return write(rest);
}

Status ChunkCoder::code_chunk(std::size_t chunk, const ChunkListener& listener) {
  // What is copied is VP8 or VP9, of which decoders need to know nothing ahead.
  std::optional<ChunkWriter> writer;
  const ChunkId& id = target_.chunks[chunk];
  const auto begin = [&](Bytes codec_private) -> Status {
    if (writer) return {};
    GREFFE_TRY(ChunkWriter made, ChunkWriter::create(*target_.store, id, format(codec_private), order_.rate));
    writer.emplace(std::move(made));
    return {};
  };
  for (const ChunkPiece& piece : pieces_of(order_.copied, grid_.span_of(chunk))) {
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
  listener.done(number_, chunk);
  return {};
}

}  // namespace greffe::film
