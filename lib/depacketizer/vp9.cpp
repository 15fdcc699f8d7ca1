#include "depacketizer/vp9.h"

#include <algorithm>

#include "media/vp9_frame_header.h"
#include "media/vp9_superframe.h"

namespace greffe::depacketizer {
namespace {

constexpr std::uint8_t AnyLayer = 0;

}  // namespace

Vp9Depacketizer::Vp9Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage)
    : VideoDepacketizer(media::CodecId::Vp9, packets, std::move(options), damage) {}

// A frame ends when a packet of the next one comes: so E or a marker set in its middle does no harm.
void Vp9Depacketizer::take(const rtp::OrderedPacket& packet) {
  if (packet.starts_segment) packet.breaks_clock ? count_segment() : begin_segment();
  hole_ += packet.lost_before;
  if (!holds_media(packet)) return;
  if (packet.cut) {
    ++hole_;
    return;
  }
  const auto descriptor = parse_vp9_descriptor(packet.packet.payload);
  if (!descriptor) {
    ++hole_;
    log_packet("frame-malformed", packet, "frames", descriptor.error().message());
    return;
  }
  const bool same_picture = is_of_picture(*descriptor, packet);
  const bool same_frame = same_picture && !descriptor->starts_frame &&
                          picture_->frames.back().descriptor.spatial_layer() == descriptor->spatial_layer();
  if (same_frame) {
    if (hole_ > 0) picture_->frames.back().has_hole = true;
  } else {
    const auto unknown = settle_hole(*descriptor, same_picture);
    if (!same_picture) {
      const bool ids_are_new = picture_ && ids_gone_round(picture_->frames.back().descriptor, *descriptor);
      close();
      open_picture(packet, ids_are_new);
    }
    open_frame(*descriptor, unknown);
  }
  append(*descriptor, packet);
  hole_ = 0;
}

void Vp9Depacketizer::begin_segment() {
  close();
  references_.reset();
  count_segment();
  hole_ = 0;
  marks_ends_ = false;
}

bool Vp9Depacketizer::is_of_picture(const Vp9Descriptor& descriptor, const rtp::OrderedPacket& packet) const {
  if (!picture_ || packet.ticks != picture_->ticks) return false;
  const LayerFrame& last = picture_->frames.back();
  if (descriptor.starts_frame && picture_->frames.size() == media::MostFramesOfSuperframe) return false;
  return descriptor.picture_id == last.descriptor.picture_id;
}

// Packets may be missing between the last frame and the one that begins with `descriptor`: says which layers
// the frames may be of that were in them and nowhere else, and nullopt when there can be none.
std::optional<std::uint8_t> Vp9Depacketizer::settle_hole(const Vp9Descriptor& descriptor, bool same_picture) {
  if (!picture_) return hole_ > 0 ? std::optional(AnyLayer) : std::nullopt;
  LayerFrame& last = picture_->frames.back();
  if (hole_ == 0) {
    // A sender that never sets E, and the marker at the picture's end alone (R32).
    if (same_picture && descriptor.starts_frame && !marks_ends_) last.ended = true;
    return std::nullopt;
  }
  if (!last.ended) last.has_hole = true;
  if (!same_picture) return settle_hole_before_picture(descriptor, last);
  const std::uint8_t above = static_cast<std::uint8_t>(last.descriptor.spatial_layer() + 1);
  if (descriptor.spatial_layer() < above) return AnyLayer;
  if (descriptor.spatial_layer() == above) return std::nullopt;
  return above;
}

std::optional<std::uint8_t> Vp9Depacketizer::settle_hole_before_picture(const Vp9Descriptor& descriptor,
                                                                        const LayerFrame& last) {
  const auto step = picture_distance(last.descriptor, descriptor);
  if (!step || *step != 1 || ids_gone_round(last.descriptor, descriptor)) {
    note_drop();
    if (step && *step > 1) {
      const auto missing = std::min<std::uint32_t>(static_cast<std::uint32_t>(*step - 1), hole_);
      log("frame-hole", *picture_, missing,
          fmt::format("{} picture(s) after RTP time {} never came", missing, picture_->timestamp.value));
    }
    return AnyLayer;
  }
  if (descriptor.spatial_layer() > 0) return AnyLayer;
  if (!last.descriptor.layer || picture_->marked) return std::nullopt;
  if (last.ended)
    log("layer-lost", *picture_, 1,
        fmt::format("the picture at RTP time {} may lack layers: packets after it are missing",
                    picture_->timestamp.value));
  return static_cast<std::uint8_t>(last.descriptor.spatial_layer() + 1);
}

// So many packets are missing that as many pictures may be as there are ids.
bool Vp9Depacketizer::ids_gone_round(const Vp9Descriptor& from, const Vp9Descriptor& to) const {
  return hole_ >= static_cast<std::uint32_t>(picture_circle(from, to) - 1);
}

void Vp9Depacketizer::open_picture(const rtp::OrderedPacket& packet, bool ids_are_new) {
  picture_ = Assembly{place(packet)};
  picture_->ids_are_new = ids_are_new;
}

void Vp9Depacketizer::open_frame(const Vp9Descriptor& descriptor,
                                 std::optional<std::uint8_t> unknown_before) {
  const std::size_t at = picture_->bytes.size();
  LayerFrame& frame = picture_->frames.emplace_back(LayerFrame{.descriptor = descriptor,
                                                               .begin = at,
                                                               .end = at,
                                                               .has_start = descriptor.starts_frame,
                                                               .unknown_before = unknown_before});
  frame.has_hole = hole_ > 0 && !descriptor.starts_frame;
  frame.descriptor.payload = {};
}

void Vp9Depacketizer::append(const Vp9Descriptor& descriptor, const rtp::OrderedPacket& packet) {
  Assembly& picture = *picture_;
  LayerFrame& frame = picture.frames.back();
  marks_ends_ = marks_ends_ || descriptor.ends_frame;
  frame.ended = descriptor.ends_frame || packet.packet.marker;
  picture.marked = packet.packet.marker;
  add_packet(picture, packet);
  if (picture.bytes.size() + descriptor.payload.size() > MaxFrameBytes) frame.has_hole = true;
  if (!frame.has_start || frame.has_hole) return;
  picture.bytes.insert(picture.bytes.end(), descriptor.payload.begin(), descriptor.payload.end());
  frame.end = picture.bytes.size();
}

void Vp9Depacketizer::close() {
  if (!picture_) return;
  turn(*picture_);
  if (picture_->ids_are_new) references_.forget_ids();
  references_.begin_picture(picture_->frames.front().descriptor);
  Chosen chosen;
  Verdict worst;
  std::uint64_t left_out = 0;
  for (const LayerFrame& frame : picture_->frames) {
    if (frame.unknown_before) references_.lose_unknown(*frame.unknown_before);
    Verdict verdict = judge(frame, chosen);
    if (verdict.condition.empty()) continue;
    ++left_out;
    if (worst.condition.empty()) worst = std::move(verdict);
  }
  if (left_out > 0) {
    const bool nothing = chosen.frames.empty();
    if (nothing) note_drop();
    log(nothing ? worst.condition : "layer-lost", *picture_, nothing ? 1 : left_out,
        fmt::format("the picture at {} {}{}", picture_->words(),
                    nothing ? "" : "is without layers, one of which ", worst.why));
  }
  if (!chosen.frames.empty()) give(chosen);
  picture_.reset();
}

Vp9Depacketizer::Verdict Vp9Depacketizer::judge(const LayerFrame& frame, Chosen& chosen) {
  const Bytes bytes = Bytes(picture_->bytes).subspan(frame.begin, frame.end - frame.begin);
  Verdict verdict;
  if (frame.has_hole) {
    verdict = {"frame-hole", "has packets missing"};
  } else if (!frame.has_start) {
    verdict = {"frame-unfinished", "begins in the middle"};
  } else if (!frame.ended) {
    verdict = {"frame-unfinished", "has no last packet"};
  } else {
    return judge_whole(frame, without_frame_trailer(bytes), chosen);
  }
  lose_cut(frame);
  return verdict;
}

// All coded frames of a layer's frame are given, or none.
Vp9Depacketizer::Verdict Vp9Depacketizer::judge_whole(const LayerFrame& frame, Bytes bytes, Chosen& chosen) {
  const std::vector<Bytes> coded = media::split_superframe(bytes);
  const Vp9References before = references_;
  Chosen more = chosen;
  Verdict verdict;
  for (std::size_t at = 0; at < coded.size() && verdict.condition.empty(); ++at)
    verdict = judge_coded(coded[at], frame.descriptor, more);
  if (verdict.condition.empty()) {
    chosen = std::move(more);
    chosen.only = ++chosen.layers == 1 ? bytes : Bytes();
    return verdict;
  }
  references_ = before;
  for (const Bytes one : coded) {
    if (const auto header = media::parse_vp9_frame_header(one)) {
      references_.lose(*header);
    } else {
      references_.lose_unknown(AnyLayer);
    }
  }
  return verdict;
}

Vp9Depacketizer::Verdict Vp9Depacketizer::judge_coded(Bytes coded, const Vp9Descriptor& descriptor,
                                                      Chosen& chosen) {
  const auto header = media::parse_vp9_frame_header(coded);
  if (!header) return {"frame-malformed", header.error().message()};
  if (chosen.frames.size() == media::MostFramesOfSuperframe)
    return {"frame-malformed", "has too many frames"};
  const media::PictureSize size = references_.size_of(*header);
  if (header->size && !is_allowed(size))
    return {"frame-refused", fmt::format("declares a picture of {}x{}", size.width_px, size.height_px)};
  if (!references_.is_decodable(*header, descriptor)) {
    if (references_.waits_for_first_key()) return {"no-key-frame", "comes before any key frame"};
    return {"frame-undecodable", "refers to what is lost"};
  }
  references_.take(*header, descriptor, size);
  if (chosen.frames.empty()) chosen.key = header->key;
  chosen.frames.push_back(coded);
  chosen.size = size;
  return {};
}

// A frame of which the beginning came tells what it would have replaced, unless it is hidden: then others may
// have followed in the same superframe, whose index is lost.
void Vp9Depacketizer::lose_cut(const LayerFrame& frame) {
  const Bytes bytes = Bytes(picture_->bytes).subspan(frame.begin, frame.end - frame.begin);
  const auto header = media::parse_vp9_frame_header(bytes);
  if (frame.has_start && header && (header->shown || header->existing)) {
    references_.lose(*header);
  } else {
    references_.lose_unknown(frame.has_start && header ? AnyLayer : frame.descriptor.spatial_layer());
  }
}

void Vp9Depacketizer::give(Chosen& chosen) {
  FrameInTrack& given = give_out(*picture_, chosen.key, chosen.size);
  if (!chosen.only.empty() && chosen.only.size() == picture_->bytes.size()) {
    given.frame.bytes = std::move(picture_->bytes);
  } else if (!chosen.only.empty()) {
    given.frame.bytes.assign(chosen.only.begin(), chosen.only.end());
  } else {
    given.frame.bytes = media::join_superframe(chosen.frames);
  }
}

}  // namespace greffe::depacketizer
