#include "codec/av_owner.h"

extern "C" {
#include <libavcodec/avcodec.h>
#include <libavutil/frame.h>
}

namespace greffe::codec {

void FreeAv::operator()(AVCodecContext* context) const { avcodec_free_context(&context); }
void FreeAv::operator()(AVFrame* frame) const { av_frame_free(&frame); }
void FreeAv::operator()(AVPacket* packet) const { av_packet_free(&packet); }

}  // namespace greffe::codec
