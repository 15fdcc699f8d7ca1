#include "mixer/mixer.h"

namespace greffe::mixer {

// Sum of all sounds from next_unlimited_ on, through the limiter.
Result<std::vector<float>> Mixer::sum(std::size_t length) {
  std::vector<float> stereo(2 * length);
  for (PlacedSound& sound : sounds_) GREFFE_CHECK(sound.add_to(next_unlimited_, stereo));
  next_unlimited_ += static_cast<std::int64_t>(length);
  limiter_.process(stereo);
  return stereo;
}

Result<media::AudioBlock> Mixer::next(std::size_t length) {
  // What comes out of the limiter while it first fills belongs to no sample.
  if (next_unlimited_ == next_sample_) GREFFE_CHECK(sum(Limiter::Lookahead));
  GREFFE_TRY(std::vector<float> stereo, sum(length));
  next_sample_ += static_cast<std::int64_t>(length);
  return media::AudioBlock{static_cast<std::uint32_t>(MixRate), 2, std::move(stereo)};
}

}  // namespace greffe::mixer
