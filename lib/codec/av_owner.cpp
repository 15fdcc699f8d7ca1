#include "codec/av_owner.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
#include <libavutil/mem.h>
}

#include <algorithm>

namespace greffe::codec {

void FreeAv::operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
void FreeAv::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void FreeAv::operator()(AVPacket* packet) const { av_packet_free(&packet); }

bool set_extradata(AVCodecContext& context, Bytes bytes) {
  if (bytes.empty()) return true;
  context.extradata = static_cast<std::uint8_t*>(av_mallocz(bytes.size() + AV_INPUT_BUFFER_PADDING_SIZE));
  if (!context.extradata) return false;
  std::copy(bytes.begin(), bytes.end(), context.extradata);
  context.extradata_size = static_cast<int>(bytes.size());
  return true;
}

}  // namespace greffe::codec
