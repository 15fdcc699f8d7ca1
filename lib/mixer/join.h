// Lets sound go on where it would else jump.
#pragma once

#include <vector>

#include "media/audio_block.h"

namespace greffe::mixer {

// At a join of two pieces that know nothing of each other (noise and a voice, a voice and what is left of a
// repeated packet) the second begins at the value at which the first ended, and comes to its own within 5 ms.
// The rest of it stays as it is. Not thread-safe.
class Join {
 public:
  // A run starts: nothing is heard before it.
  void begin_run() { steps_.clear(), last_.clear(), left_ = 0; }
  // The next block of the run, changed in place. `seam`: it does not go on from the one before by itself.
  void pass(media::AudioBlock& block, bool seam);

 private:
  std::vector<float> last_;   // sample of each channel
  std::vector<float> steps_;  // what is to be evened out, by channel
  std::size_t left_ = 0, length_ = 0;
};

}  // namespace greffe::mixer
