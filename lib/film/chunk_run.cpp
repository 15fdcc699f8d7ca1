#include "film/chunk_run.h"

#include <algorithm>
#include <set>
#include <thread>

#include "base/parallel.h"
#include "base/progress.h"
#include "film/copied_spans.h"

namespace greffe::film {

struct ChunkRun::Drawing {
  FilmText text;
  PictureStage stage;
  const FilmOrder& order;

  Drawing(FilmText made, const FilmOrder& film)
      : text(std::move(made)), stage(*film.folder, *film.plan, text, film.look), order(film) {}
};

ChunkRun::ChunkRun(const std::vector<ChunkTarget>& targets, const ChunkGrid& grid,
                   std::vector<WantedChunk> chunks, const RunWidth& width)
    : targets_(targets), grid_(grid), chunks_(std::move(chunks)), width_(width) {
  for (std::size_t i = 0; i < chunks_.size(); ++i) chunks_[i].coder = i % width_.coders;
}

void ChunkRun::stop() { fail_with(Error("stopped", ErrorKind::Interrupted)); }

// The first failure counts; all threads end.
void ChunkRun::fail_with(Error error) {
  const std::lock_guard lock(mutex_);
  if (failure_) failure_ = tl::unexpected(std::move(error));
  if (slots_) slots_->close();
  for (const auto& [target, coders] : coders_)
    for (const auto& coder : coders) coder->close();
}

bool ChunkRun::push(const WantedChunk& chunk, const DrawnPicture& drawn) {
  for (const std::size_t target : chunk.targets)
    if (!coders_.at(target)[chunk.coder]->push(drawn)) return false;
  return true;
}

// Draws frame `frame` and hands it on. False when nobody wants it any more.
bool ChunkRun::draw_picture(Drawing& drawing, const WantedChunk& chunk, std::int64_t frame, bool first) {
  const MeetingTime time = grid_.clock.middle_of(frame);
  PictureStage& stage = drawing.stage;
  stage.draw(time);
  const bool caption_changed = drawing.text.turn_to(time);
  if (!first && stage.canvas().changed().empty() && !caption_changed) return push(chunk, {.repeat = true});
  const auto slot = slots_->take();
  if (!slot) return false;
  DrawnPicture drawn{.slot = *slot};
  const auto add = [&](const layout::Rectangle& area) {
    drawn.changed.push_back({area.x, area.y, area.width, area.height});
  };
  for (const layout::Rectangle& area : stage.canvas().changed()) add(area);
  canvas::Canvas& picture = slots_->canvas(*slot);
  picture.copy_from(stage.canvas());
  const auto add_words = [&] {
    if (caption_changed)
      for (const layout::Rectangle& area : drawing.text.drawn_areas()) add(area);
  };
  add_words();  // of those before
  drawing.text.draw_over(picture, stage.caption_floor());
  picture.forget_changes();
  add_words();
  slots_->lend(*slot, static_cast<int>(chunk.targets.size()));
  return push(chunk, drawn);
}

bool ChunkRun::draw_piece(Drawing& drawing, const WantedChunk& chunk, const FrameSpan& span) {
  drawing.stage.begin_chunk(span.first == 0 ? MeetingTime::min() : grid_.clock.middle_of(span.first - 1));
  for (std::int64_t frame = span.first; frame < span.end; ++frame) {
    if (stop_requested()) return stop(), false;
    if (!draw_picture(drawing, chunk, frame, frame == span.first)) return false;
  }
  return true;
}

bool ChunkRun::draw_chunk(Drawing& drawing, const WantedChunk& chunk) {
  for (const ChunkPiece& piece : pieces_of(drawing.order.copied, grid_.span_of(chunk.index)))
    if (!piece.copied && !draw_piece(drawing, chunk, piece.frames)) return false;
  auto met = drawing.stage.end_chunk();
  if (!met) return fail_with(met.error()), false;
  return push(chunk, {.end = ChunkReport{std::move(*met), drawing.text.take_gaps()}});
}

void ChunkRun::draw(Drawing& drawing) {
  for (const WantedChunk& chunk : chunks_)
    if (!draw_chunk(drawing, chunk)) return;
}

Status ChunkRun::code(std::size_t target, std::size_t coder, const ChunkListener& listener) {
  for (const WantedChunk& chunk : chunks_)
    if (chunk.coder == coder &&
        std::find(chunk.targets.begin(), chunk.targets.end(), target) != chunk.targets.end())
      GREFFE_CHECK(coders_.at(target)[coder]->code_chunk(chunk.index, listener));
  return {};
}

void ChunkRun::run_whole(const std::function<Status()>& work) {
  if (const Status done = guarded(work); !done) fail_with(done.error());
}

Status ChunkRun::render(const ChunkListener& listener) {
  std::set<std::size_t> wanted;
  for (const WantedChunk& chunk : chunks_) wanted.insert(chunk.targets.begin(), chunk.targets.end());
  if (wanted.empty()) return {};
  const FilmOrder& order = *targets_[*wanted.begin()].order;
  GREFFE_TRY(FilmText text,
             FilmText::create(order.folder->meeting, *order.plan,
                              order.burn_captions ? order.cues : std::vector<caption::Cue>{}, order.look));
  Drawing drawing(std::move(text), order);
  auto slots = std::make_unique<PictureSlots>(order.plan->width, order.plan->height, width_.waiting);
  decltype(coders_) coders;
  for (const std::size_t target : wanted)
    for (std::size_t i = 0; i < width_.coders; ++i)
      coders[target].push_back(
          std::make_unique<ChunkCoder>(targets_[target], target, grid_, *slots, width_.waiting));
  {
    const std::lock_guard lock(mutex_);
    GREFFE_CHECK(failure_);  // stopped before it began
    slots_ = std::move(slots);
    coders_ = std::move(coders);
  }
  {
    std::vector<std::jthread> coding;
    // Where the system gives no thread, those begun end with the failure instead of waiting for pictures.
    run_whole([&]() -> Status {
      for (const std::size_t target : wanted)
        for (std::size_t i = 0; i < width_.coders; ++i)
          coding.emplace_back([&, target, i] { run_whole([&] { return code(target, i, listener); }); });
      draw(drawing);
      return {};
    });
  }
  const std::lock_guard lock(mutex_);
  coders_.clear();
  slots_.reset();
  return failure_;
}

}  // namespace greffe::film
