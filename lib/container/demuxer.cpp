#include "container/demuxer.h"

#include <algorithm>

#include "container/file_input.h"

extern "C" {
#include <libavformat/avformat.h>
}

namespace greffe::container {

struct Demuxer::Parts {
  FileInput input{FileInput::Handle::PerRead};
  std::uint64_t next_index = 0;
};

Demuxer::Demuxer(std::unique_ptr<Parts> parts) : parts_(std::move(parts)) {}
Demuxer::Demuxer(Demuxer&&) noexcept = default;
Demuxer& Demuxer::operator=(Demuxer&&) noexcept = default;
Demuxer::~Demuxer() = default;

Result<Demuxer> Demuxer::open(const Path& path) {
  auto parts = std::make_unique<Parts>();
  // Frames as they were written: no parser may cut or join them.
  GREFFE_CHECK(parts->input.open(path, "matroska", AVFMT_FLAG_NOPARSE | AVFMT_FLAG_NOFILLIN));
  if (parts->input.context().nb_streams < 1)
    return fail(ErrorKind::Damaged, "{}: holds no track", path.string());
  return Demuxer(std::move(parts));
}

Bytes Demuxer::codec_private() const {
  const AVCodecParameters& parameters = *parts_->input.context().streams[0]->codecpar;
  return {parameters.extradata, static_cast<std::size_t>(std::max(parameters.extradata_size, 0))};
}

Result<std::optional<StoredFrame>> Demuxer::next() {
  while (true) {
    GREFFE_TRY(const AVPacket* const packet, parts_->input.next());
    if (!packet) return std::nullopt;
    if (packet->stream_index != 0) continue;
    const AVRational unit = parts_->input.context().streams[0]->time_base;
    const std::int64_t time_ms =
        packet->pts == AV_NOPTS_VALUE ? 0 : av_rescale_q(packet->pts, unit, {1, 1000});
    return StoredFrame{parts_->next_index++, (packet->flags & AV_PKT_FLAG_KEY) != 0, time_ms,
                       Bytes(packet->data, static_cast<std::size_t>(packet->size))};
  }
}

}  // namespace greffe::container
