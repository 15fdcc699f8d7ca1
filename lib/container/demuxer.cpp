#include "container/demuxer.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/log.h>
}

#include <algorithm>

namespace greffe::container {
namespace {

constexpr std::size_t BufferSize = 1 << 16;

// What libavformat reads from: an open file, nothing that it could open by itself.
struct Source {
  InputFile input;
  Path path;
  std::uint64_t position = 0;
};

int read_source(void* opaque, std::uint8_t* buffer, int size) {
  auto& source = *static_cast<Source*>(opaque);
  const auto got =
      read_at(source.input.file, source.position, {buffer, static_cast<std::size_t>(size)}, source.path);
  if (!got) return AVERROR(EIO);
  if (*got == 0) return AVERROR_EOF;
  source.position += *got;
  return static_cast<int>(*got);
}

std::int64_t seek_source(void* opaque, std::int64_t offset, int whence) {
  auto& source = *static_cast<Source*>(opaque);
  const auto size = static_cast<std::int64_t>(source.input.stamp.size);
  if (whence == AVSEEK_SIZE) return size;
  if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(source.position);
  if (whence == SEEK_END) offset += size;
  if (offset < 0) return AVERROR(EINVAL);
  source.position = static_cast<std::uint64_t>(offset);
  return offset;
}

struct FreeIo {
  void operator()(AVIOContext* io) const {
    av_freep(&io->buffer);
    avio_context_free(&io);
  }
};
struct FreeFormat {
  void operator()(AVFormatContext* format) const { avformat_close_input(&format); }
};
struct FreePacket {
  void operator()(AVPacket* packet) const { av_packet_free(&packet); }
};

}  // namespace

struct Demuxer::Parts {
  Source source;
  std::unique_ptr<AVIOContext, FreeIo> io;
  std::unique_ptr<AVFormatContext, FreeFormat> format;
  std::unique_ptr<AVPacket, FreePacket> packet;
  std::uint64_t next_index = 0;

  Status open();
};

Status Demuxer::Parts::open() {
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(BufferSize));
  io.reset(avio_alloc_context(buffer, BufferSize, 0, &source, read_source, nullptr, seek_source));
  packet.reset(av_packet_alloc());
  AVFormatContext* context = avformat_alloc_context();
  if (!io || !packet || !context) return fail("{}: out of memory", source.path.string());
  context->pb = io.get();
  // Frames as they were written: no parser may cut or join them.
  context->flags |= AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN;
  const AVInputFormat* matroska = av_find_input_format("matroska");
  if (avformat_open_input(&context, nullptr, matroska, nullptr) < 0)  // frees the context when it fails
    return fail(ErrorKind::Damaged, "{}: not a Matroska file", source.path.string());
  format.reset(context);
  if (format->nb_streams < 1) return fail(ErrorKind::Damaged, "{}: holds no track", source.path.string());
  return {};
}

Demuxer::Demuxer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Demuxer::Demuxer(Demuxer&&) noexcept = default;
Demuxer& Demuxer::operator=(Demuxer&&) noexcept = default;
Demuxer::~Demuxer() = default;

Result<Demuxer> Demuxer::open(const Path& path) {
  av_log_set_level(AV_LOG_QUIET);  // what is wrong is told by us, once
  auto parts = std::make_unique<Parts>();
  GREFFE_TRY(parts->source.input, open_input(path));
  parts->source.path = path;
  GREFFE_CHECK(parts->open());
  return Demuxer(std::move(parts));
}

Bytes Demuxer::codec_private() const {
  const AVCodecParameters& parameters = *parts_->format->streams[0]->codecpar;
  return {parameters.extradata, static_cast<std::size_t>(std::max(parameters.extradata_size, 0))};
}

Result<std::optional<StoredFrame>> Demuxer::next() {
  Parts& parts = *parts_;
  while (true) {
    av_packet_unref(parts.packet.get());
    const int code = av_read_frame(parts.format.get(), parts.packet.get());
    if (code == AVERROR_EOF) return std::nullopt;
    if (code < 0)
      return fail(ErrorKind::Damaged, "{}: frame {} cannot be read", parts.source.path.string(),
                  parts.next_index);
    if (parts.packet->stream_index != 0) continue;
    const AVPacket& packet = *parts.packet;
    return StoredFrame{parts.next_index++, (packet.flags & AV_PKT_FLAG_KEY) != 0,
                       Bytes(packet.data, static_cast<std::size_t>(packet.size))};
  }
}

}  // namespace greffe::container
