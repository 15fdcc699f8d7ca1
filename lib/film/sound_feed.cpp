#include "film/sound_feed.h"

#include <algorithm>

#include "base/give_way.h"
#include "base/parallel.h"

namespace greffe::film {
namespace {

// Sound waits for nobody's pictures: minutes of it are coded whenever drawing and coding pictures leave a
// processor. Packets of FLAC are large, some twenty seconds of it.
std::size_t packets_ahead(media::CodecId sound) { return sound == media::CodecId::Flac ? 256 : 8192; }
constexpr std::size_t BlocksAhead = 10;  // two seconds

bool same_sound(const FilmCoding& one, const FilmCoding& other) {
  return one.sound == other.sound && one.sound_bitrate_bps == other.sound_bitrate_bps;
}

}  // namespace

SoundFeed::SoundFeed(FilmSound sound, SoundCoder coder, const std::vector<FilmCoding>& codings,
                     std::vector<std::size_t> coding_of)
    : sound_(std::move(sound)),
      mixed_(BlocksAhead),
      coder_(std::move(coder)),
      coding_of_(std::move(coding_of)) {
  for (const FilmCoding& film : codings)
    queues_.push_back(std::make_unique<BoundedQueue<SoundPacket>>(packets_ahead(film.sound)));
}

Result<std::unique_ptr<SoundFeed>> SoundFeed::open(const timeline::MeetingFolder& folder,
                                                   std::int64_t samples,
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
  GREFFE_TRY(SoundCoder coder, SoundCoder::open(samples, distinct));
  FilmSound sound(folder, samples, mix, damage);
  return std::unique_ptr<SoundFeed>(
      new SoundFeed(std::move(sound), std::move(coder), codings, std::move(coding_of)));
}

bool SoundFeed::push(SoundPackets packets) {
  for (std::size_t film = 0; film < queues_.size(); ++film)
    for (const SoundPacket& packet : packets[coding_of_[film]])
      if (!queues_[film]->push(packet)) return false;
  return true;
}

Status SoundFeed::mix() {
  while (true) {
    GREFFE_TRY(auto block, sound_.next());
    if (!block || !mixed_.push(std::move(*block))) return {};
  }
}

Status SoundFeed::code() {
  while (const auto block = mixed_.pop()) {
    GREFFE_TRY(SoundPackets packets, coder_.code(block->samples));
    if (!push(std::move(packets))) return {};
  }
  GREFFE_TRY(SoundPackets last, coder_.finish());
  push(std::move(last));
  return {};
}

void SoundFeed::start() {
  Status begun = guarded([this]() -> Status {
    mixing_ = std::jthread([this] {
      give_way_to_siblings();
      mixing_failure_ = guarded([this] { return mix(); });
      mixed_.close();
    });
    coding_ = std::jthread([this] {
      give_way_to_siblings();
      coding_failure_ = guarded([this] { return code(); });
      stop();
    });
    return {};
  });
  if (begun) return;
  coding_failure_ = std::move(begun);  // the thread that would write it is the last to begin
  stop();
}

void SoundFeed::stop() {
  mixed_.close();
  for (const auto& queue : queues_) queue->close();
}

Status SoundFeed::finish() {
  if (mixing_.joinable()) mixing_.join();
  if (coding_.joinable()) coding_.join();
  GREFFE_CHECK(mixing_failure_);
  return coding_failure_;
}

}  // namespace greffe::film
