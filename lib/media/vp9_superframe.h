// Several VP9 frames in one piece: the superframe and its index (VP9 bitstream specification, Annex B).
#pragma once

#include <cstdint>
#include <vector>

#include "base/byte_reader.h"

namespace greffe::media {

constexpr std::size_t MostFramesOfSuperframe = 8;

// The frames in `bytes`, at least one: those that its index lists, or all of it when there is no index that
// fits. Frames of no bytes are left out.
std::vector<Bytes> split_superframe(Bytes bytes);

// One piece of 1…8 frames: a single one as it is, several followed by their index.
std::vector<std::uint8_t> join_superframe(const std::vector<Bytes>& frames);

}  // namespace greffe::media
