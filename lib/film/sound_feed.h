// The sound of films, mixed once on a thread of its own, coded on another, in a queue for each.
#pragma once

#include <memory>
#include <thread>
#include <vector>

#include "base/bounded_queue.h"
#include "film/film_sound.h"
#include "film/sound_coder.h"

namespace greffe::film {

// Films of the same sound in the same coding have the same packets. A film that is slow to take its own makes
// the others wait, so that memory stays flat. Both threads give way to those of the pictures, which take
// longer.
class SoundFeed {
 public:
  // `codings` of the films; at least one. The rest as of FilmSound.
  static Result<std::unique_ptr<SoundFeed>> open(const timeline::MeetingFolder& folder, std::int64_t samples,
                                                 const std::vector<FilmCoding>& codings, const SoundMix& mix,
                                                 DamageLog& damage);
  // Stops and waits.
  ~SoundFeed() { stop(); }

  std::vector<std::uint8_t> codec_private(std::size_t film) const {
    return coder_.codec_private(coding_of_[film]);
  }
  // Where the system gives no threads, finish() tells so.
  void start();
  // The next packet of a film; none at the end. From any thread.
  std::optional<SoundPacket> next(std::size_t film) { return queues_[film]->pop(); }
  // Nobody wants any more. From any thread.
  void stop();
  // Waits for the end.
  Status finish();

 private:
  SoundFeed(FilmSound sound, SoundCoder coder, const std::vector<FilmCoding>& codings,
            std::vector<std::size_t> coding_of);
  Status mix();
  Status code();
  bool push(SoundPackets packets);

  FilmSound sound_;
  BoundedQueue<media::AudioBlock> mixed_;
  SoundCoder coder_;
  const std::vector<std::size_t> coding_of_;  // by film
  std::vector<std::unique_ptr<BoundedQueue<SoundPacket>>> queues_;
  Status mixing_failure_, coding_failure_;  // read when the threads have ended
  std::jthread mixing_, coding_;
};

}  // namespace greffe::film
