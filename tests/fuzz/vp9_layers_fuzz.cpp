// Any bytes as superframes of VP9 with spatial layers, each behind its length in 16 bits: what is read of
// them lies in them, and what is cut is some of their frames, none larger than one that was left out.
#include "codec/vp9_layers.h"
#include "require.h"

namespace {

using namespace greffe;
using fuzz::require;

bool lies_in(Bytes part, Bytes whole) {
  return part.empty() ||
         (part.data() >= whole.data() && part.data() + part.size() <= whole.data() + whole.size());
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  ByteReader reader(Bytes(data, size));
  codec::Vp9LayerReader layers;
  codec::Vp9LayerProof proof;
  codec::Vp9LayerCutter to_nothing, to_some, to_all;
  while (reader.remaining() > 2) {
    const std::size_t length = reader.u16();
    const Bytes superframe = reader.take(std::min(length, reader.remaining()));
    const auto frames = layers.read(superframe);
    if (frames) {
      for (const codec::Vp9LayerFrame& frame : *frames) {
        require(lies_in(frame.bytes, superframe));
        require(frame.reads_px >= 0 && frame.size.width_px >= 0 && frame.size.height_px >= 0);
        require(!frame.key || frame.reads_px == 0);
      }
    }
    proof.add(superframe);
    static_cast<void>(proof.holds());
    for (codec::Vp9LayerCutter* cutter : {&to_nothing, &to_some}) {
      const media::PictureSize enough =
          cutter == &to_some ? media::PictureSize{320, 180} : media::PictureSize{};
      require(cutter->cut(superframe, enough).size() <= superframe.size());
    }
    const Bytes all = to_all.cut(superframe, {INT32_MAX, INT32_MAX});
    require(all.data() == superframe.data() && all.size() == superframe.size());
  }
  return 0;
}
