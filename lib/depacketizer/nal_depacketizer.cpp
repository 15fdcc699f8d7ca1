#include "depacketizer/nal_depacketizer.h"

#include <algorithm>

#include "media/nal_unit.h"

namespace greffe::depacketizer {
namespace {

constexpr std::size_t FramesToBeSure = 32;
constexpr std::size_t MostUnits = 16384;      // of a frame; a picture of 36 megapixels has fewer slices
constexpr std::size_t MostSetBytes = 0xFFFF;  // what avcC and hvcC can hold
// True ones have some ten octets; those with all scaling lists below two thousand.
constexpr std::size_t MostRepeatedSetBytes = 4096;
constexpr std::uint64_t FreeRepeatedBytes = std::uint64_t{1} << 20;

bool is_usable(const ParameterSet& set) { return !set.size || is_allowed(*set.size); }

}  // namespace

NalDepacketizer::NalDepacketizer(std::unique_ptr<NalSyntax> syntax, rtp::PacketSource& packets,
                                 Options options, DamageLog& damage)
    : VideoDepacketizer(syntax->codec(), packets, std::move(options), damage), syntax_(std::move(syntax)) {}

// A frame ends when a packet of another RTP time comes: so a marker set in its middle does no harm.
void NalDepacketizer::take(const rtp::OrderedPacket& packet) {
  if (packet.starts_segment) packet.breaks_clock ? count_segment() : begin_segment(packet.packet.ssrc);
  if (packet.lost_before > 0) hole_ = true;
  if (!holds_media(packet)) return;
  if (packet.cut) {
    hole_ = true;
    return;
  }
  if (!frame_ || packet.ticks != frame_->ticks) {
    close(false);
    open(packet);
  } else if (hole_) {
    cut_open_unit(true);
    frame_->has_hole = true;
  }
  hole_ = false;
  append(packet);
}

// What another sender says of its pictures is not known of this one but by SDP.
void NalDepacketizer::begin_segment(Ssrc ssrc) {
  close(true);
  if (ssrc_ != ssrc) {
    sets_.clear();
    for (const auto& unit : syntax_->units_of(options().format_parameters)) {
      if (unit.size() <= syntax_->header_bytes() || syntax_->kind_of(unit) != NalKind::ParameterSet) continue;
      if (auto set = syntax_->read_set(unit)) learn(std::move(*set));
    }
    repeats_sets_ = sets_.empty();
    sets_in_band_ = false;
  }
  ssrc_ = ssrc;
  count_segment();
  clear_pending();
  waits_for_key_ = true;
  hole_ = hole_told_ = had_key_ = lost_since_key_frame_ = marks_ends_ = marks_middles_ = marks_nothing_ =
      false;
}

void NalDepacketizer::open(const rtp::OrderedPacket& packet) {
  frame_ = Assembly{place(packet)};
  frame_->hole_before = hole_;
  frame_->bytes.reserve(usual_bytes_);
}

void NalDepacketizer::append(const rtp::OrderedPacket& packet) {
  Assembly& frame = *frame_;
  if (frame.ended) marks_middles_ = true;
  frame.ended = packet.packet.marker;
  marks_ends_ = marks_ends_ || frame.ended;
  add_packet(frame, packet);
  if (frame.bytes.size() + packet.packet.payload.size() > MaxFrameBytes || frame.units > MostUnits) {
    frame.has_hole = true;
    return;
  }
  parts_.clear();
  const auto trouble = syntax_->unpack(packet.packet.payload, parts_);
  for (const NalPart& part : parts_) add_part(part);
  if (!trouble) return;
  frame.has_hole = frame.has_hole || trouble->loses_media;
  log_packet(trouble->condition, packet, "packets", trouble->why);
}

void NalDepacketizer::add_part(const NalPart& part) {
  Assembly& frame = *frame_;
  const std::size_t header = syntax_->header_bytes();
  const bool goes_on = part.fragment && !part.starts;
  if (goes_on && !frame.open_unit) {
    frame.cut_unit = true;  // its start is missing
    return;
  }
  if (!goes_on) {
    if (frame.open_unit) cut_open_unit(false);
    frame.open_unit = frame.bytes.size();
    frame.bytes.resize(frame.bytes.size() + 4);
    if (part.fragment)
      frame.bytes.insert(frame.bytes.end(), part.header.begin(), part.header.begin() + header);
  } else if (!std::equal(part.header.begin(), part.header.begin() + header,
                         frame.bytes.begin() + static_cast<std::ptrdiff_t>(*frame.open_unit) + 4)) {
    return cut_open_unit(false);  // of another unit
  }
  frame.bytes.insert(frame.bytes.end(), part.bytes.begin(), part.bytes.end());
  if (part.fragment && !part.ends) return;
  media::set_unit_length(frame.bytes, *frame.open_unit);
  frame.last_unit = *frame.open_unit;
  frame.open_unit.reset();
  ++frame.units;
}

void NalDepacketizer::cut_open_unit(bool by_hole) {
  Assembly& frame = *frame_;
  if (!frame.open_unit) return;
  frame.bytes.resize(*frame.open_unit);
  frame.open_unit.reset();
  if (!by_hole) frame.cut_unit = true;
}

void NalDepacketizer::close(bool last) {
  if (frame_) {
    cut_open_unit(hole_);
    frame_->hole_after = hole_;
    frame_->last = last;
    waiting_.push_back(std::move(*frame_));
    frame_.reset();
  }
  std::size_t waiting_bytes = 0;
  for (const Assembly& frame : waiting_) waiting_bytes += frame.bytes.size();
  const bool enough = waiting_.size() >= FramesToBeSure || waiting_bytes >= MaxFrameBytes;
  marks_nothing_ = !marks_ends_ && (marks_nothing_ || last || enough);
  if (marks_ends_ || marks_nothing_) judge_waiting();
}

void NalDepacketizer::judge_waiting() {
  for (Assembly& frame : waiting_) judge(frame);
  waiting_.clear();
}

void NalDepacketizer::judge(Assembly& frame) {
  turn(frame);
  if (frame.hole_before) {
    // Whatever was pending may have belonged to what is lost.
    clear_pending();
    waits_for_key_ = lost_since_key_frame_ = true;
    note_drop();
  }
  take_trailer_off(frame);
  const Contents contents = read_contents(frame);
  const auto refusal = refuse(frame, contents);
  const bool told =
      std::exchange(hole_told_, refusal && refusal->condition == "frame-hole" && frame.hole_after);
  if (frame.hole_before && !told && !(refusal && refusal->condition == "frame-hole"))
    log_frame("frame-hole", frame, "comes after one or more that never came");
  if (refusal) {
    const bool whole = !frame.has_hole && !frame.hole_before && !frame.hole_after && !contents.malformed;
    const bool needless = contents.slices.droppable || (contents.slices.leading && skips_leading_);
    return drop(frame, *refusal, !(whole && needless));
  }
  if (contents.has_slices) return give(frame, contents);
  if (pending_.size() + frame.bytes.size() > MaxFrameBytes) return;
  pending_.insert(pending_.end(), frame.bytes.begin(), frame.bytes.end());
  pending_sets_.insert(pending_sets_.end(), contents.sets.begin(), contents.sets.end());
}

void NalDepacketizer::clear_pending() {
  pending_.clear();
  pending_sets_.clear();
}

// LiveKit's clients put it behind the last unit of a frame.
void NalDepacketizer::take_trailer_off(Assembly& frame) const {
  if (frame.units == 0) return;
  const std::size_t start = frame.last_unit + 4;
  const Bytes unit = without_frame_trailer(Bytes(frame.bytes).subspan(start));
  if (unit.size() < syntax_->header_bytes() || start + unit.size() == frame.bytes.size()) return;
  frame.bytes.resize(start + unit.size());
  media::set_unit_length(frame.bytes, frame.last_unit);
}

NalDepacketizer::Contents NalDepacketizer::read_contents(const Assembly& frame) {
  Contents contents;
  media::NalUnits units(frame.bytes);
  while (const auto unit = units.next()) {
    if (unit->size() < syntax_->header_bytes()) {
      contents.malformed = true;
      continue;
    }
    const NalKind kind = syntax_->kind_of(*unit);
    if (kind == NalKind::ParameterSet) read_set(*unit, contents);
    if (kind == NalKind::Slice) read_slice(*unit, contents);
    if (kind == NalKind::Other && waits_for_key_ && !contents.recovery)
      contents.recovery = syntax_->find_recovery_point(*unit);
  }
  if (contents.recovery && contents.has_slices && !contents.slices.key) {
    contents.recovers = contents.slices.key = true;
    contents.slices.clean_key = false;
  }
  return contents;
}

void NalDepacketizer::read_set(Bytes unit, Contents& contents) {
  auto set = syntax_->read_set(unit);
  if (!set || unit.size() > MostSetBytes) {
    contents.malformed = true;
    return;
  }
  if (!is_usable(*set)) contents.refused_size = set->size;
  contents.sets.emplace_back(set->rank, set->id);
  sets_in_band_ = true;
  learn(std::move(*set));
}

void NalDepacketizer::read_slice(Bytes unit, Contents& contents) const {
  const auto slice = syntax_->read_slice(unit, sets_);
  if (!slice) {
    contents.malformed = true;
    return;
  }
  const bool droppable = slice->droppable && (!contents.has_slices || contents.slices.droppable);
  if (!contents.has_slices) contents.slices = *slice;
  contents.slices.droppable = droppable;
  contents.begins = contents.begins || slice->first_of_picture;
  auto& named = contents.pps_ids;
  if (std::find(named.rbegin(), named.rend(), slice->pps_id) == named.rend()) named.push_back(slice->pps_id);
  contents.lacks_set =
      contents.lacks_set || sets_.find({syntax_->lowest_rank(), slice->pps_id}) == sets_.end();
  contents.has_slices = true;
}

std::optional<NalDepacketizer::Refusal> NalDepacketizer::refuse(const Assembly& frame,
                                                                const Contents& contents) const {
  const bool ended = frame.ended || (marks_nothing_ && !frame.last);
  const bool end_is_sure = frame.ended && !marks_middles_;
  if (frame.has_hole || (frame.hole_after && !end_is_sure))
    return Refusal{"frame-hole", "has packets missing"};
  const bool lacks_start = frame.cut_unit || (contents.has_slices && !contents.begins);
  if (frame.hole_before && lacks_start) return Refusal{"frame-hole", "has packets missing"};
  if (frame.cut_unit) return Refusal{"frame-unfinished", "has a unit without its start or end"};
  if (contents.malformed) return Refusal{"frame-malformed", "has a unit that cannot be read"};
  if (contents.refused_size)
    return Refusal{"frame-refused",
                   fmt::format("declares a picture of {}x{}", contents.refused_size->width_px,
                               contents.refused_size->height_px)};
  if (!contents.has_slices) return std::nullopt;
  if (!contents.begins) return Refusal{"frame-unfinished", "begins in the middle"};
  if (!ended) return Refusal{"frame-unfinished", "has no last packet"};
  return contents.slices.key ? refuse_key(frame, contents) : refuse_whole(contents);
}

std::optional<NalDepacketizer::Refusal> NalDepacketizer::refuse_whole(const Contents& contents) const {
  if (!had_key_) return Refusal{"no-key-frame", "comes before any key frame"};
  const bool missing_set = contents.lacks_set || chain_of(contents.slices.pps_id).empty();
  if (waits_for_key_ || missing_set || (contents.slices.leading && skips_leading_))
    return Refusal{"frame-undecodable", "refers to what is lost"};
  return std::nullopt;
}

std::optional<NalDepacketizer::Refusal> NalDepacketizer::refuse_key(const Assembly& frame,
                                                                    const Contents& contents) const {
  const auto chain = chain_of(contents.slices.pps_id);
  if (chain.empty() || contents.lacks_set)
    return Refusal{"no-parameter-sets", "needs a parameter set that never came"};
  const ParameterSet* refused = nullptr;
  for (const ParameterSet* set : chain)
    if (!is_usable(*set)) refused = set;
  if (refused)
    return Refusal{"frame-refused", fmt::format("declares a picture of {}x{}", refused->size->width_px,
                                                refused->size->height_px)};
  // After a loss the parameter sets known may be old ones: new ones are among what is missing ahead of the
  // frame, or this sender gives new ones with each key frame.
  const bool sets_may_be_lost =
      (frame.hole_before && sets_in_band_) || (lost_since_key_frame_ && repeats_sets_);
  if (sets_may_be_lost && !brings(contents, chain))
    return Refusal{"frame-hole", "may have lost its parameter sets"};
  if (frame.hole_before && contents.slices.any_order)
    return Refusal{"frame-hole", "may have lost slices before its first"};
  return std::nullopt;
}

void NalDepacketizer::learn(ParameterSet set) {
  const SetName name(set.rank, set.id);
  if (!codec_private_.empty()) {
    const auto in_private = private_sets_.find(name);
    if (in_private == private_sets_.end() || in_private->second.bytes != set.bytes) differing_.insert(name);
  }
  ParameterSet& known = sets_[name];
  if (known.bytes != set.bytes) {
    // Decoders forget with a set those that need it.
    since_key_.erase(since_key_.upper_bound({set.rank + 1, -1}), since_key_.end());
    since_key_.erase(name);
  }
  known = std::move(set);
}

// One set of each rank, from the top down to the one that slices name; empty when one is missing.
std::vector<const ParameterSet*> NalDepacketizer::chain_of(int pps_id) const {
  std::vector<const ParameterSet*> chain;
  std::optional<int> id = pps_id;
  for (int rank = syntax_->lowest_rank(); rank >= 0; --rank) {
    const auto found = id ? sets_.find({rank, *id}) : sets_.end();
    if (found == sets_.end()) return {};
    chain.insert(chain.begin(), &found->second);
    id = found->second.parent;
  }
  return chain;
}

bool NalDepacketizer::brings(const Contents& contents, const std::vector<const ParameterSet*>& chain) const {
  return std::all_of(chain.begin(), chain.end(), [&](const ParameterSet* set) {
    return std::find(contents.sets.begin(), contents.sets.end(), std::pair(set->rank, set->id)) !=
           contents.sets.end();
  });
}

void NalDepacketizer::give(Assembly& frame, const Contents& contents) {
  const auto chain = chain_of(contents.slices.pps_id);
  const bool key = contents.slices.key && (contents.slices.clean_key || waits_for_key_);
  std::optional<media::PictureSize> size;
  for (const ParameterSet* set : chain)
    if (set->size) size = set->size;
  if (contents.recovers && contents.recovery->frames > 0)
    log("gradual-start", frame, contents.recovery->frames,
        fmt::format("the picture at {} is the first of {} that become whole bit by bit{}", frame.words(),
                    contents.recovery->frames, contents.recovery->exact ? "" : ", and never quite"));
  // A decoder that begins there has it right; one that plays on through the loss may count the older pictures
  // it still has among those referred to.
  if (contents.recovers && contents.recovery->frames == 0 && had_key_)
    log_frame("recovery-in-doubt", frame,
              "is taken up behind a loss though it is no key frame of its own: until the next one decoders "
              "may show other pictures than those that were sent");
  FrameInTrack& given = give_out(frame, key, size);
  if (contents.slices.key) {
    if (codec_private_.empty()) {
      for (const auto& [id, set] : sets_)
        if (is_usable(set)) private_sets_.emplace(id, set);
      codec_private_ = syntax_->codec_private(chain, private_sets_);
    }
    repeats_sets_ = repeats_sets_ && brings(contents, chain);
    skips_leading_ = waits_for_key_;
    waits_for_key_ = lost_since_key_frame_ = false;
    had_key_ = true;
  }
  usual_bytes_ = frame.bytes.size();
  given.frame.bytes = bytes_for_file(frame, contents, key);
}

// The frame's units, behind those that came without a picture and the parameter sets that are repeated for
// it. A delimiter stays first (H.264 §7.4.1.2.3).
std::vector<std::uint8_t> NalDepacketizer::bytes_for_file(Assembly& frame, const Contents& contents,
                                                          bool key) {
  if (key) since_key_.clear();
  std::vector<std::uint8_t> front = std::exchange(pending_, {});
  given_bytes_ += front.size() + frame.bytes.size();
  repeat_sets(frame, contents, front);
  if (front.empty()) return std::move(frame.bytes);
  media::NalUnits units(frame.bytes);
  const auto first = units.next();
  const bool delimited = first && !first->empty() && syntax_->kind_of(*first) == NalKind::Delimiter;
  const std::size_t offset = delimited ? first->size() + 4 : 0;
  frame.bytes.insert(frame.bytes.begin() + static_cast<std::ptrdiff_t>(offset), front.begin(), front.end());
  return std::move(frame.bytes);
}

// Those of a chain that one who begins at the last key frame does not have: they or one above them differ
// from CodecPrivate's, and none came since. With them those above which the frame brings itself: they would
// come behind, and decoders forget with a set those that need it.
std::vector<const ParameterSet*> NalDepacketizer::missing_of(const std::vector<const ParameterSet*>& chain,
                                                             const std::set<SetName>& brought) const {
  const auto name_of = [](const ParameterSet* set) { return SetName(set->rank, set->id); };
  const auto differs = [&](const ParameterSet* set) { return differing_.contains(name_of(set)); };
  const auto first = std::find_if(chain.begin(), chain.end(), differs);
  std::vector<const ParameterSet*> missing;
  for (auto at = chain.end(); at != first;) {
    const ParameterSet* set = *--at;
    if (since_key_.contains(name_of(set)) || !is_usable(*set)) continue;
    if (!missing.empty() || !brought.contains(name_of(set))) missing.insert(missing.begin(), set);
  }
  return missing;
}

void NalDepacketizer::repeat_sets(const Assembly& frame, const Contents& contents,
                                  std::vector<std::uint8_t>& front) {
  for (const SetName& name : std::exchange(pending_sets_, {})) since_key_.insert(name);
  const std::set<SetName> brought(contents.sets.begin(), contents.sets.end());
  bool told = false;
  for (const int pps_id : contents.pps_ids) {
    for (const ParameterSet* set : missing_of(chain_of(pps_id), brought)) {
      since_key_.emplace(set->rank, set->id);
      const std::size_t size = set->bytes.size();
      if (size <= MostRepeatedSetBytes && repeated_bytes_ + size <= FreeRepeatedBytes + given_bytes_) {
        repeated_bytes_ += size;
        media::append_unit(front, set->bytes);
      } else if (!std::exchange(told, true)) {
        log_frame("sets-not-repeated", frame,
                  fmt::format("needs a parameter set of {} bytes that stands earlier in the file", size));
      }
    }
  }
  since_key_.insert(brought.begin(), brought.end());
}

void NalDepacketizer::drop(const Assembly& frame, const Refusal& refusal, bool needed) {
  if (needed) waits_for_key_ = true;
  if (frame.has_hole || frame.hole_after) lost_since_key_frame_ = true;
  note_drop();
  clear_pending();
  log_frame(refusal.condition, frame, refusal.why);
}

void NalDepacketizer::log_frame(std::string_view condition, const Assembly& frame, std::string_view why) {
  log(condition, frame, 1, fmt::format("the frame at {} {}", frame.words(), why));
}

}  // namespace greffe::depacketizer
