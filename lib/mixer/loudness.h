// How loud sounds are to the ear, and the gains that bring the voices of a meeting to one loudness (EBU R
// 128).
#pragma once

#include <memory>
#include <span>
#include <vector>

#include "base/library_version.h"
#include "mixer/sound_source.h"

namespace greffe::mixer {

// A step is 100 ms of meeting time: step n ends at n × 100 ms.
constexpr Duration LoudnessStep = std::chrono::milliseconds(100);

// Of the 400 ms that end with a step (ITU-R BS.1770-4 annex 1, a gating block).
struct LoudBlock {
  std::int32_t step = 0;
  float energy = 0;  // weighted mean square, summed over channels
};

// Passes a sound on and meters it on the way: for who needs to hear it anyway.
class MeteredSound final : public SoundSource {
 public:
  // Lent for its own life.
  explicit MeteredSound(SoundSource& source);
  ~MeteredSound() override;
  Result<std::optional<SoundPiece>> next() override;
  // Of what passed so far, as loudness_of(). Call once, last.
  std::vector<LoudBlock> blocks() &&;

 private:
  class Meter;
  SoundSource& source_;
  std::unique_ptr<Meter> meter_;
};

// Blocks above the absolute gate (-70 LUFS), in order of steps, each step once at most; silence takes no
// memory. One channel counts as two, since that is how it is heard. Drains `source`.
Result<std::vector<LoudBlock>> loudness_of(SoundSource& source);

struct Loudness {
  double lufs = 0;         // integrated, both gates of BS.1770-4 annex 1
  std::size_t blocks = 0;  // that passed the gates
};
Loudness integrated(std::span<const LoudBlock> blocks);

// Gains for sounds that are mixed, in hundredths of a decibel, one for each element of `sounds`.
//
// Each is brought to `target_lufs`, gently: lifted by 12 dB at most. What is below
// -50 LUFS, or is heard for less than a second, is noise or nobody, and not lifted. Where many speak at once
// all are lowered alike, so that the mix as a whole is not above the target.
std::vector<int> gains_for(std::span<const std::vector<LoudBlock>> sounds, double target_lufs);

// What such a gain multiplies samples by; 1 for 0.
float factor_of(int gain);

LibraryVersions loudness_library_versions();

}  // namespace greffe::mixer
