// Owners of what libavcodec allocates; for codec's own .cpp files.
#pragma once

#include <memory>

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

}  // namespace greffe::codec
