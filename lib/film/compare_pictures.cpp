#include "film/compare_pictures.h"

#include <cmath>
#include <deque>

#include "base/progress.h"
#include "codec/video_decoder.h"
#include "container/demuxer.h"

namespace greffe::film {
namespace {

// The pictures of a film, as they are shown one after the other.
class FilmPictures {
 public:
  static Result<FilmPictures> open(const Path& film, media::CodecId codec) {
    GREFFE_TRY(container::Demuxer demuxer, container::Demuxer::open(film));
    GREFFE_TRY(codec::VideoDecoder decoder, codec::VideoDecoder::open(codec, demuxer.codec_private()));
    return FilmPictures(std::move(demuxer), std::move(decoder));
  }

  Result<std::optional<media::Picture>> next() {
    while (ready_.empty() && !ended_) {
      if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
      GREFFE_TRY(const auto frame, demuxer_.next());
      ended_ = !frame;
      keep(frame ? decoder_.push(frame->bytes, frame->key, static_cast<std::int64_t>(frame->index))
                 : decoder_.finish());
    }
    if (ready_.empty()) return std::nullopt;
    media::Picture picture = std::move(ready_.front());
    ready_.pop_front();
    return picture;
  }

 private:
  FilmPictures(container::Demuxer demuxer, codec::VideoDecoder decoder)
      : demuxer_(std::move(demuxer)), decoder_(std::move(decoder)) {}
  void keep(std::vector<codec::NumberedPicture> pictures) {
    for (codec::NumberedPicture& picture : pictures) ready_.push_back(std::move(picture.picture));
  }

  container::Demuxer demuxer_;
  codec::VideoDecoder decoder_;
  std::deque<media::Picture> ready_;
  bool ended_ = false;
};

// Sums over samples.
struct SquaredError {
  std::uint64_t sum = 0;
  std::uint64_t samples = 0;

  void add(const media::PlaneView& one, const media::PlaneView& other) {
    for (int y = 0; y < one.height_px; ++y) {
      const std::uint8_t* const a = one.pixels + y * one.stride;
      const std::uint8_t* const b = other.pixels + y * other.stride;
      std::uint32_t row = 0;  // 8192 times 255² at most
      for (int x = 0; x < one.width_px; ++x) {
        const int difference = a[x] - b[x];
        row += static_cast<std::uint32_t>(difference * difference);
      }
      sum += row;
    }
    samples += static_cast<std::uint64_t>(one.width_px) * static_cast<std::uint64_t>(one.height_px);
  }
};

}  // namespace

Result<std::optional<PictureDistance>> distance_of(const Path& one, const Path& other, media::CodecId codec) {
  auto first = FilmPictures::open(one, codec);
  auto second = FilmPictures::open(other, codec);
  if (!first || !second) return std::nullopt;
  PictureDistance distance;
  SquaredError error;
  while (true) {
    const auto a = first->next();
    const auto b = second->next();
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    if (!a || !b || !*a || !*b) break;
    if ((*a)->size != (*b)->size) return std::nullopt;
    error.add((*a)->y, (*b)->y);
    error.add((*a)->u, (*b)->u);
    error.add((*a)->v, (*b)->v);
    ++distance.pictures;
  }
  if (distance.pictures == 0) return std::nullopt;
  if (error.sum > 0)
    distance.psnr_db =
        10 * std::log10(255.0 * 255.0 * static_cast<double>(error.samples) / static_cast<double>(error.sum));
  return distance;
}

}  // namespace greffe::film
