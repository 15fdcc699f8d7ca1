
#include <vpx/vp8cx.h>
#include <vpx/vpx_encoder.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstdlib>
#include <optional>

#include "codec/picture_coder.h"
#include "media/vp9_frame_header.h"

namespace greffe::codec {
namespace {

// Settings that were measured to give the same bytes on each run with libvpx 1.12 (DESIGN 6): VP8 on one
// thread, with a negative cpu-used, since a positive one follows the clock; VP9 without row-mt and with fixed
// tile columns. One thread for each: while it codes, another draws.
struct Settings {
  vpx_codec_iface_t* interface = nullptr;
  int cpu_used = 0;
};

Settings settings_of(media::CodecId codec) {
  if (codec == media::CodecId::Vp8) return {vpx_codec_vp8_cx(), -8};
  return {vpx_codec_vp9_cx(), 8};
}

// Of VP9: what faces and slides need; the bitrate is a cap.
constexpr int ConstantQuality = 32;
constexpr int GoodQuality = 36;  // nobody sees the difference in what stands still

// log2 of the tile columns: as many as 256 pixels each allow, at most four.
int tile_columns(int width_px) { return width_px >= 1024 ? 2 : width_px >= 512 ? 1 : 0; }

struct Control {
  int id;
  int value;
};

std::vector<Control> controls_of(const VideoEncoderOptions& options) {
  std::vector<Control> controls{{VP8E_SET_CPUUSED, settings_of(options.codec).cpu_used},
                                {VP8E_SET_MAX_INTRA_BITRATE_PCT, 600}};
  if (options.codec == media::CodecId::Vp8) {
    controls.push_back({VP8E_SET_TOKEN_PARTITIONS, VP8_ONE_TOKENPARTITION});
    controls.push_back({VP8E_SET_STATIC_THRESHOLD, 0});
    controls.push_back({VP8E_SET_NOISE_SENSITIVITY, 0});
  } else {
    controls.push_back({VP8E_SET_CQ_LEVEL, ConstantQuality});
    controls.push_back({VP9E_SET_ROW_MT, 0});
    controls.push_back({VP9E_SET_TILE_COLUMNS, tile_columns(options.size.width_px)});
    controls.push_back({VP9E_SET_TILE_ROWS, 0});
    controls.push_back({VP9E_SET_AQ_MODE, 0});
    controls.push_back({VP9E_SET_FRAME_PARALLEL_DECODING, 0});
    controls.push_back({VP9E_SET_COLOR_SPACE, VPX_CS_BT_601});
    controls.push_back({VP9E_SET_COLOR_RANGE, VPX_CR_STUDIO_RANGE});
  }
  return controls;
}

void set_rates(vpx_codec_enc_cfg_t& config, const VideoEncoderOptions& options) {
  const int bitrate_bps = options.bitrate_bps > 0
                              ? options.bitrate_bps
                              : default_bitrate_bps(options.codec, options.size, options.rate);
  config.rc_target_bitrate = static_cast<unsigned>(std::max(1, bitrate_bps / 1000));
  config.rc_end_usage = options.codec == media::CodecId::Vp9 ? VPX_CQ : VPX_VBR;
  config.rc_min_quantizer = 4;
  config.rc_max_quantizer = 56;
  config.rc_undershoot_pct = 100;
  config.rc_overshoot_pct = 100;
  config.rc_buf_sz = 6000;
  config.rc_buf_initial_sz = 4000;
  config.rc_buf_optimal_sz = 5000;
  config.rc_dropframe_thresh = 0;
  config.rc_resize_allowed = 0;
  config.kf_mode = VPX_KF_AUTO;
  config.kf_min_dist = 0;
  config.kf_max_dist = static_cast<unsigned>(std::max(1, options.key_interval));
}

void set_plane(vpx_image_t& image, int index, const media::PlaneView& plane) {
  // libvpx takes a pointer to non-const but only reads.
  image.planes[index] = const_cast<std::uint8_t*>(plane.pixels);
  image.stride[index] = static_cast<int>(plane.stride);
}

// Which blocks of 16x16 are to be coded: those that are other pixels than in the picture before, and those
// that were coded badly, once they have stood still for a moment, until they are good. Between two pictures
// of a camera nothing is coded again.
class ActiveMap {
 public:
  // `moment`: in pictures.
  ActiveMap(media::PictureSize size, int moment)
      : columns_((size.width_px + 15) / 16), rows_((size.height_px + 15) / 16), moment_(moment) {
    const auto count = static_cast<std::size_t>(columns_) * static_cast<std::size_t>(rows_);
    blocks_.resize(count);
    active_.resize(count);
  }

  // The next picture. True when there is something to be coded.
  bool next(std::span<const PixelRect> changed) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      Block& block = blocks_[i];
      if (block.still < moment_) ++block.still;
      active_[i] = block.times > 0 && block.still == moment_ ? 1 : 0;
    }
    for (const PixelRect& rect : changed) mark(rect);
    return std::find(active_.begin(), active_.end(), 1) != active_.end();
  }
  vpx_active_map_t map() {
    return {active_.data(), static_cast<unsigned>(rows_), static_cast<unsigned>(columns_)};
  }
  // What is active has been coded, in a key frame all.
  void coded(bool is_good, bool is_key) {
    for (std::size_t i = 0; i < blocks_.size(); ++i) {
      int& times = blocks_[i].times;
      if (is_key)
        times = is_good ? 0 : MostTimes;
      else if (active_[i] != 0)
        times = is_good ? 0 : std::max(0, times - 1);
    }
  }

 private:
  static constexpr int MostTimes = 12;

  struct Block {
    int still = 0;  // pictures since it changed, up to a moment
    int times = 0;  // how often it may be coded yet
  };

  void mark(const PixelRect& rect) {
    const int first = std::clamp(rect.x / 16, 0, columns_);
    const int end = std::clamp((rect.x + rect.width + 15) / 16, first, columns_);
    for (int row = std::max(0, rect.y / 16); row < std::min(rows_, (rect.y + rect.height + 15) / 16); ++row) {
      std::fill_n(active_.begin() + row * columns_ + first, end - first, std::uint8_t{1});
      std::fill_n(blocks_.begin() + row * columns_ + first, end - first, Block{0, MostTimes});
    }
  }

  int columns_, rows_, moment_;
  std::vector<Block> blocks_;
  std::vector<std::uint8_t> active_;
};

// A quarter of a second: as long as most cameras need for two pictures.
int moment_of(FrameRate rate) {
  return std::max<int>(
      1, static_cast<int>((std::int64_t{rate.numerator} + 4 * std::int64_t{rate.denominator} - 1) /
                          (4 * std::int64_t{rate.denominator})));
}

// A slot that holds the frame once it is decoded, of VP9. Of one that nobody would see or keep there is none.
std::optional<std::uint8_t> slot_of(Bytes frame) {
  const auto header = media::parse_vp9_frame_header(frame);
  if (!header || !header->shown || header->existing || header->refreshed == 0) return std::nullopt;
  return static_cast<std::uint8_t>(std::countr_zero(header->refreshed));
}

// A whole frame of VP9, profile 0: frame_marker 2, show_existing_frame, frame_to_show_map_idx (§6.2).
std::uint8_t frame_that_shows(std::uint8_t slot) { return static_cast<std::uint8_t>(0x88 | slot); }

class VpxCoder final : public PictureCoder {
 public:
  explicit VpxCoder(const VideoEncoderOptions& options)
      : options_(options), active_(options.size, moment_of(options.rate)) {}
  ~VpxCoder() override {
    if (open_) vpx_codec_destroy(&context_);
  }
  VpxCoder(const VpxCoder&) = delete;
  VpxCoder& operator=(const VpxCoder&) = delete;

  Status open();
  Result<std::vector<media::CodedFrame>> encode(const media::Picture& picture,
                                                std::span<const PixelRect> changed) override;
  Result<std::vector<media::CodedFrame>> finish() override;

 private:
  Error failed(std::string_view what);
  Result<std::vector<media::CodedFrame>> collect();
  media::CodedFrame repeat();

  VideoEncoderOptions options_;
  vpx_codec_ctx_t context_{};
  bool open_ = false;
  vpx_image_t image_{};
  std::int64_t next_ = 0;  // index of the next picture
  ActiveMap active_;
  std::optional<std::uint8_t> last_slot_;  // of VP9: where decoders have the last frame
};

Error VpxCoder::failed(std::string_view what) {
  const char* detail = vpx_codec_error_detail(&context_);
  return Error(fmt::format("{} encoder: {}: {}{}{}", media::facts_of(options_.codec).name, what,
                           vpx_codec_error(&context_), detail ? ", " : "", detail ? detail : ""));
}

Result<std::vector<media::CodedFrame>> VpxCoder::collect() {
  std::vector<media::CodedFrame> frames;
  vpx_codec_iter_t iterator = nullptr;
  while (const vpx_codec_cx_pkt_t* packet = vpx_codec_get_cx_data(&context_, &iterator)) {
    if (packet->kind != VPX_CODEC_CX_FRAME_PKT) continue;
    const auto* bytes = static_cast<const std::uint8_t*>(packet->data.frame.buf);
    media::CodedFrame frame;
    frame.ticks = next_ - 1;  // libvpx holds no picture back
    frame.duration_ticks = 1;
    frame.bytes.assign(bytes, bytes + packet->data.frame.sz);
    frame.key = (packet->data.frame.flags & VPX_FRAME_IS_KEY) != 0;
    if (frame.key) frame.size = options_.size;
    if (options_.codec == media::CodecId::Vp9) last_slot_ = slot_of(frame.bytes);
    frames.push_back(std::move(frame));
  }
  return frames;
}

Status VpxCoder::open() {
  const Settings settings = settings_of(options_.codec);
  vpx_codec_enc_cfg_t config;
  if (vpx_codec_enc_config_default(settings.interface, &config, 0) != VPX_CODEC_OK)
    return fail("libvpx has no default settings");
  config.g_w = static_cast<unsigned>(options_.size.width_px);
  config.g_h = static_cast<unsigned>(options_.size.height_px);
  config.g_timebase = {options_.rate.denominator, options_.rate.numerator};
  config.g_threads = 1;
  config.g_lag_in_frames = 0;
  config.g_error_resilient = 0;
  config.g_pass = VPX_RC_ONE_PASS;
  set_rates(config, options_);
  if (vpx_codec_enc_init(&context_, settings.interface, &config, 0) != VPX_CODEC_OK)
    return tl::unexpected(failed("does not open"));
  open_ = true;
  for (const Control& control : controls_of(options_))
    if (vpx_codec_control_(&context_, control.id, control.value) != VPX_CODEC_OK)
      return tl::unexpected(failed(fmt::format("control {}", control.id)));
  // The wrapped image has no memory of its own: encode() points it at the picture's planes.
  std::uint8_t nothing = 0;
  vpx_img_wrap(&image_, VPX_IMG_FMT_I420, config.g_w, config.g_h, 1, &nothing);
  image_.cs = VPX_CS_BT_601;
  image_.range = VPX_CR_STUDIO_RANGE;
  return {};
}

// libvpx looks at each picture as a whole before it finds that nothing is to be coded; this costs nothing.
media::CodedFrame VpxCoder::repeat() {
  media::CodedFrame frame;
  frame.ticks = next_++;
  frame.duration_ticks = 1;
  frame.key = false;
  frame.bytes = {frame_that_shows(*last_slot_)};
  return frame;
}

Result<std::vector<media::CodedFrame>> VpxCoder::encode(const media::Picture& picture,
                                                        std::span<const PixelRect> changed) {
  if (!active_.next(changed) && last_slot_) return std::vector{repeat()};
  const std::int64_t time = next_++;
  set_plane(image_, VPX_PLANE_Y, picture.y);
  set_plane(image_, VPX_PLANE_U, picture.u);
  set_plane(image_, VPX_PLANE_V, picture.v);
  if (options_.codec == media::CodecId::Vp9) {
    vpx_active_map_t map = active_.map();
    if (vpx_codec_control(&context_, VP8E_SET_ACTIVEMAP, &map) != VPX_CODEC_OK)
      return tl::unexpected(failed("does not take what is unchanged"));
  }
  if (vpx_codec_encode(&context_, &image_, time, 1, 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
    return tl::unexpected(failed("does not encode"));
  int quantizer = 0;
  if (vpx_codec_control(&context_, VP8E_GET_LAST_QUANTIZER_64, &quantizer) != VPX_CODEC_OK)
    return tl::unexpected(failed("does not tell how well it codes"));
  GREFFE_TRY(std::vector<media::CodedFrame> frames, collect());
  active_.coded(quantizer <= GoodQuality, !frames.empty() && frames.front().key);
  return frames;
}

Result<std::vector<media::CodedFrame>> VpxCoder::finish() {
  if (vpx_codec_encode(&context_, nullptr, next_, 1, 0, VPX_DL_REALTIME) != VPX_CODEC_OK)
    return tl::unexpected(failed("does not finish"));
  return collect();
}

}  // namespace

Result<std::unique_ptr<PictureCoder>> make_vpx_coder(const VideoEncoderOptions& options) {
  auto coder = std::make_unique<VpxCoder>(options);
  GREFFE_CHECK(coder->open());
  return coder;
}

}  // namespace greffe::codec
