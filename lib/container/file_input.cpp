#include "container/file_input.h"

#include <algorithm>
#include <mutex>

#include "container/memory_bound.h"

extern "C" {
#include <libavformat/avformat.h>
#include <libavutil/log.h>
#include <libavutil/mem.h>
}

namespace greffe::container {
namespace {

constexpr std::size_t BufferSize = 1 << 16;

// The demuxers of libavformat ask for what a number in the file names: 387 million key frames in a file of
// two kilobytes. The most that is rightly asked for at once is
//  - an index: 25 hours in packets of 20 ms are 4.5 million entries of 24 bytes, 108 MB, and a sixteenth more
//    where it grows;
//  - a decoded picture in one piece: 36 megapixels of three full planes of 16 bits, 216 MB (SAFETY S2).
constexpr std::size_t MostAtOnce = std::size_t{256} << 20;

// Holds for all of FFmpeg in this process, from the first file on.
void bound_memory() { allow_at_once(MostAtOnce); }

// A file that names others (mov's data references) does not get them.
int refuse_to_open(AVFormatContext*, AVIOContext**, const char*, int, AVDictionary**) {
  return AVERROR(EACCES);
}

}  // namespace

void allow_at_once(std::size_t bytes) {
  static std::mutex changing;
  static std::size_t most = 0;
  const std::lock_guard lock(changing);
  if (bytes <= most) return;
  most = std::max(bytes, MostAtOnce);
  av_max_alloc(most);
}

void FreeIo::operator()(AVIOContext* io) const {
  av_freep(&io->buffer);
  avio_context_free(&io);
}

void FreeFormat::operator()(AVFormatContext* format) const { avformat_close_input(&format); }
void FreePacket::operator()(AVPacket* packet) const { av_packet_free(&packet); }

Result<std::size_t> FileInput::read_on(std::span<std::uint8_t> buffer) {
  if (handle_ == Handle::Kept || input_.file.is_open()) return read_at(input_.file, position_, buffer, path_);
  GREFFE_TRY(const InputFile again, open_input(path_));
  if (again.stamp != input_.stamp) return fail("{}: changed while it was read", path_.string());
  return read_at(again.file, position_, buffer, path_);
}

int FileInput::read(void* opaque, std::uint8_t* buffer, int size) {
  auto& self = *static_cast<FileInput*>(opaque);
  const auto got = self.read_on({buffer, static_cast<std::size_t>(size)});
  if (!got) {
    self.unreadable_ = tl::unexpected(got.error());
    return AVERROR(EIO);
  }
  if (*got == 0) return AVERROR_EOF;
  self.position_ += *got;
  return static_cast<int>(*got);
}

std::int64_t FileInput::seek(void* opaque, std::int64_t offset, int whence) {
  auto& self = *static_cast<FileInput*>(opaque);
  const auto size = static_cast<std::int64_t>(self.input_.stamp.size);
  if (whence == AVSEEK_SIZE) return size;
  if (whence == SEEK_CUR) offset += static_cast<std::int64_t>(self.position_);
  if (whence == SEEK_END) offset += size;
  if (offset < 0) return AVERROR(EINVAL);
  self.position_ = static_cast<std::uint64_t>(offset);
  return offset;
}

Status FileInput::open(const Path& path, const char* format, int flags) {
  bound_memory();
  av_log_set_level(AV_LOG_QUIET);  // what is wrong is told by us, once
  GREFFE_TRY(input_, open_input(path));
  path_ = path;
  auto* buffer = static_cast<std::uint8_t*>(av_malloc(BufferSize));
  io_.reset(avio_alloc_context(buffer, BufferSize, 0, this, read, nullptr, seek));
  packet_.reset(av_packet_alloc());
  AVFormatContext* context = avformat_alloc_context();
  if (!io_ || !packet_ || !context) return fail("{}: out of memory", path.string());
  context->pb = io_.get();
  context->io_open = refuse_to_open;
  context->flags |= flags;
  // Nobody seeks: what is kept of where frames lie must not grow with the file, nor with hundreds of files.
  context->max_index_size = 4096;
  const AVInputFormat* const demuxer = av_find_input_format(format);
  if (!demuxer || avformat_open_input(&context, nullptr, demuxer, nullptr) < 0) {  // frees the context
    GREFFE_CHECK(unreadable_);
    return fail(ErrorKind::Damaged, "{}: not a {} file", path.string(), format);
  }
  format_.reset(context);
  if (handle_ == Handle::PerRead) input_.file = File();
  return {};
}

Result<const AVPacket*> FileInput::next() {
  av_packet_unref(packet_.get());
  const int code = av_read_frame(format_.get(), packet_.get());
  GREFFE_CHECK(unreadable_);
  if (code == AVERROR_EOF) return nullptr;
  if (code < 0) return fail(ErrorKind::Damaged, "{}: cannot be read any further", path_.string());
  return packet_.get();
}

}  // namespace greffe::container
