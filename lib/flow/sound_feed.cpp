#include "flow/sound_feed.h"

#include <algorithm>
#include <new>

namespace greffe::flow {
namespace {

// Twenty seconds of it: sound is coded while the pictures of a chunk are.
constexpr std::size_t SoundPacketsAhead = 1024;

bool same_sound(const FilmCoding& one, const FilmCoding& other) {
  return one.sound == other.sound && one.sound_bitrate_bps == other.sound_bitrate_bps;
}

}  // namespace

SoundFeed::SoundFeed(SoundStage stage, std::vector<std::size_t> coding_of)
    : stage_(std::move(stage)), coding_of_(std::move(coding_of)) {
  for (std::size_t film = 0; film < coding_of_.size(); ++film)
    queues_.push_back(std::make_unique<BoundedQueue<SoundPacket>>(SoundPacketsAhead));
}

Result<std::unique_ptr<SoundFeed>> SoundFeed::open(const MeetingFolder& folder, std::int64_t samples,
                                                   const std::vector<FilmCoding>& codings,
                                                   const SoundMix& mix, DamageLog& damage) {
  std::vector<FilmCoding> distinct;
  std::vector<std::size_t> coding_of;
  for (const FilmCoding& coding : codings) {
    const auto known = std::find_if(distinct.begin(), distinct.end(),
                                    [&](const FilmCoding& other) { return same_sound(coding, other); });
    coding_of.push_back(static_cast<std::size_t>(known - distinct.begin()));
    if (known == distinct.end()) distinct.push_back(coding);
  }
  GREFFE_TRY(SoundStage stage, SoundStage::open(folder, samples, distinct, mix, damage));
  return std::unique_ptr<SoundFeed>(new SoundFeed(std::move(stage), std::move(coding_of)));
}

bool SoundFeed::push(SoundPackets packets) {
  for (std::size_t film = 0; film < queues_.size(); ++film)
    for (const SoundPacket& packet : packets[coding_of_[film]])
      if (!queues_[film]->push(packet)) return false;
  return true;
}

Status SoundFeed::code() {
  while (true) {
    GREFFE_TRY(auto packets, stage_.next());
    if (!packets || !push(std::move(*packets))) return {};
  }
}

void SoundFeed::start() {
  thread_ = std::jthread([this] {
    // The standard library throws where memory ends, which must not end the program (R101).
    try {
      failure_ = code();
    } catch (const std::bad_alloc&) {
      failure_ = fail("out of memory");
    }
    for (const auto& queue : queues_) queue->close();
  });
}

void SoundFeed::stop() {
  for (const auto& queue : queues_) queue->close();
}

Status SoundFeed::finish() {
  if (thread_.joinable()) thread_.join();
  return failure_;
}

}  // namespace greffe::flow
