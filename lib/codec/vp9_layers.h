// Spatial layers of VP9: pictures of several sizes in one superframe, the larger predicted from the smaller.
//
// Where a small picture fills its tile no larger one is needed, and what a decoder is not given costs
// nothing.
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "media/coded_frame.h"

namespace greffe::codec {

// One frame of a superframe.
struct Vp9LayerFrame {
  Bytes bytes;
  bool key = false;
  bool self_reliant = false;  // starts from fresh probabilities, or shows a picture that is there
  bool shown = false;
  std::int64_t reads_px = 0;  // area of the largest picture in the slots that it names
  media::PictureSize size;    // 0 x 0 where the slot that has it is empty
};

// Reads superframes in order and remembers the sizes of the pictures in a decoder's eight slots.
class Vp9LayerReader {
 public:
  // The frames in order; they live as long as `superframe`. Fails where a header cannot be read; the slots
  // are empty then.
  Result<std::vector<Vp9LayerFrame>> read(Bytes superframe);

 private:
  Result<Vp9LayerFrame> read_frame(Bytes frame);
  std::array<media::PictureSize, 8> slots_{};
};

// Whether the pictures of each size can be decoded without the larger ones, from one key frame to the next.
//
// They can when headers prove it: the frames of a superframe grow and all are shown, all but key frames start
// from fresh probabilities (error_resilient_mode, VP9 specification §7.2), and none names a slot that holds a
// larger picture. A size that stays away for long would stand still where a larger one moves: no proof then.
class Vp9LayerProof {
 public:
  // All superframes of a track in order.
  void add(Bytes superframe);
  // Since the last key frame there have been several sizes, and no smaller one needs a larger.
  bool holds() const { return sound_ && sizes_.size() > 1; }

 private:
  struct Size {
    std::int64_t px = 0;
    std::uint64_t last_picture = 0;
  };
  void add_frame(const Vp9LayerFrame& frame);

  Vp9LayerReader reader_;
  std::vector<Size> sizes_;  // seen since the last key frame
  std::uint64_t picture_ = 0;
  bool sound_ = false;
};

// Leaves out of superframes what is larger than needed; for spans in which Vp9LayerProof holds.
class Vp9LayerCutter {
 public:
  // The superframe without the frames larger than the smallest that is at least as wide and high as `enough`:
  // as it is where none is, empty where all are. Once larger pictures were left out they stay out until the
  // next key frame, so `enough` should not grow before it. What is returned lives until the next call.
  Bytes cut(Bytes superframe, media::PictureSize enough);

 private:
  Vp9LayerReader reader_;
  std::int64_t limit_px_ = INT64_MAX;
  std::vector<std::uint8_t> joined_;
};

}  // namespace greffe::codec
