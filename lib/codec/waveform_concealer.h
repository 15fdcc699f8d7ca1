// Carries a voice over a short hole for codecs that have no concealment of their own.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace greffe::codec {

// Repeats the last pitch period of one channel and lets it fade to silence within 60 ms, in the manner of
// ITU-T G.711 Appendix I but simpler.
class WaveformConcealer {
 public:
  explicit WaveformConcealer(std::uint32_t sample_rate_hz);

  // Remembers what was heard, and blends the first 2.5 ms of it with what concealment would have gone on
  // with.
  void heard(std::vector<float>& samples);
  // The next `length` samples of the hole.
  std::vector<float> conceal(std::size_t length);
  void reset();

 private:
  std::size_t pitch_period() const;

  std::size_t rate_;
  std::vector<float> history_;  // the last 40 ms
  std::size_t period_ = 0;      // of the hole we are in; 0: not in a hole
  std::size_t concealed_ = 0;   // samples of the hole so far
};

}  // namespace greffe::codec
