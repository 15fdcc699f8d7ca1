// Owners of what libavcodec allocates; for codec's own .cpp files.
#pragma once

#include <memory>

#include "base/byte_reader.h"

struct AVCodecContext;
struct AVFrame;
struct AVPacket;

namespace greffe::codec {

struct FreeAv {
  void operator()(AVCodecContext* context) const;
  void operator()(AVFrame* frame) const;
  void operator()(AVPacket* packet) const;
};
using AvContext = std::unique_ptr<AVCodecContext, FreeAv>;
using AvFrame = std::unique_ptr<AVFrame, FreeAv>;
using AvPacket = std::unique_ptr<AVPacket, FreeAv>;

// What a decoder is told ahead of its packets, copied into an allocation of libavutil with the padding it
// asks for. False where memory ends.
bool set_extradata(AVCodecContext& context, Bytes bytes);

}  // namespace greffe::codec
