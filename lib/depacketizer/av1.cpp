#include "depacketizer/av1.h"

#include <algorithm>

#include "rtp/header_extension.h"

namespace greffe::depacketizer {

Av1Depacketizer::Av1Depacketizer(rtp::PacketSource& packets, Options options, DamageLog& damage)
    : VideoDepacketizer(media::CodecId::Av1, packets, std::move(options), damage) {}

void Av1Depacketizer::take(const rtp::OrderedPacket& packet) {
  if (packet.starts_segment) packet.breaks_clock ? count_segment() : begin_segment();
  if (packet.lost_before > 0) hole_ = true;
  if (!holds_media(packet)) return;
  if (packet.cut) {
    hole_ = true;
    return;
  }
  const auto payload = parse_av1_payload(packet.packet.payload);
  const bool same_unit = unit_ && packet.ticks == unit_->ticks;
  if (hole_ && unit_ && (same_unit || !unit_->marked || unit_->open))
    flaw("frame-hole", "has packets missing");
  if (!same_unit) {
    if (hole_ && unit_ && unit_->flaw.condition.empty() && payload && !payload->continues)
      log("frame-hole", *unit_, 1,
          fmt::format("packets after the temporal unit at RTP time {} are missing, and all units in them",
                      unit_->timestamp.value));
    close();
    if (hole_) lose_unknown();
    open_unit(packet);
  }
  if (payload) {
    append(*payload, packet);
  } else {
    flaw("frame-malformed", payload.error().message());
  }
  hole_ = false;
}

void Av1Depacketizer::begin_segment() {
  close();
  references_.reset();
  dependencies_.reset();
  header_in_doubt_ = true;
  count_segment();
  hole_ = false;
}

// Whole units may be lost, and a new sequence header with them.
void Av1Depacketizer::lose_unknown() {
  references_.lose_unknown();
  header_in_doubt_ = true;
  note_drop();
}

void Av1Depacketizer::open_unit(const rtp::OrderedPacket& packet) { unit_ = Assembly{place(packet)}; }

void Av1Depacketizer::flaw(std::string_view condition, std::string_view why) {
  if (unit_->flaw.condition.empty()) unit_->flaw = {condition, std::string(why)};
}

void Av1Depacketizer::append(const Av1Payload& payload, const rtp::OrderedPacket& packet) {
  Assembly& unit = *unit_;
  unit.marked = packet.packet.marker;
  add_packet(unit, packet);
  std::optional<Av1Dependencies> said;
  if (const auto id = options().extensions.dependencies)
    if (const auto bytes = rtp::find_extension(packet.packet, *id)) said = dependencies_.read(*bytes);
  if (payload.continues != unit.open)
    flaw(hole_ ? "frame-hole" : "frame-unfinished", hole_ ? "has packets missing" : "has an OBU in pieces");
  if (unit.bytes.size() + packet.packet.payload.size() > MaxFrameBytes)
    flaw("frame-malformed", "is longer than 64 MiB");
  if (!unit.flaw.condition.empty()) return;
  for (std::size_t at = 0; at < payload.elements.size(); ++at) {
    const Bytes element = payload.elements[at];
    if (at > 0 || !payload.continues) unit.elements.push_back({unit.bytes.size(), 0, said});
    unit.bytes.insert(unit.bytes.end(), element.begin(), element.end());
    unit.elements.back().end = unit.bytes.size();
  }
  unit.open = payload.goes_on;
  if (said && said->ends_frame && !unit.open) unit.whole = unit.elements.size();
}

bool Av1Depacketizer::ends_with_frame() const {
  if (unit_->elements.empty()) return false;
  const Element last = unit_->elements.back();
  const auto obu = media::parse_obu(Bytes(unit_->bytes).subspan(last.begin, last.end - last.begin));
  return obu && obu->type == media::ObuType::Frame;
}

void Av1Depacketizer::close() {
  if (!unit_) return;
  turn(*unit_);
  if (unit_->open) flaw("frame-unfinished", "has no last packet");
  if (!unit_->marked && !ends_with_frame()) flaw("frame-unfinished", "has no last packet");
  const bool flawed = !unit_->flaw.condition.empty();
  Chosen chosen;
  if (flawed) {
    unit_->elements.resize(unit_->whole);
    chosen.worst = unit_->flaw;
    chosen.left_out = 1;
  }
  judge_obus(chosen);
  if (chosen.any_given) {
    give(chosen);
  } else if (chosen.left_out > 0) {
    drop(chosen.worst);
  } else {
    drop({"frame-malformed", "has no frame"});
  }
  if (flawed) lose_unknown();
  unit_.reset();
}

void Av1Depacketizer::judge_obus(Chosen& chosen) {
  for (const Element& element : unit_->elements) {
    const Bytes bytes = Bytes(unit_->bytes).subspan(element.begin, element.end - element.begin);
    const auto obu = media::parse_obu(bytes);
    Verdict verdict;
    if (obu) {
      verdict = judge_obu(*obu, element, chosen);
    } else {
      lose_unknown();
      chosen.keeps_frame = false;
      verdict = {"frame-malformed", obu.error().message()};
    }
    if (verdict.condition.empty()) continue;
    ++chosen.left_out;
    if (chosen.worst.condition.empty()) chosen.worst = std::move(verdict);
  }
}

Av1Depacketizer::Verdict Av1Depacketizer::judge_obu(const media::Obu& obu, const Element& element,
                                                    Chosen& chosen) {
  Verdict verdict;
  bool keep = true;
  switch (obu.type) {
    case media::ObuType::TemporalDelimiter:
    case media::ObuType::TileList:
    case media::ObuType::Padding: keep = false; break;
    case media::ObuType::SequenceHeader: verdict = read_sequence_header(obu); break;
    case media::ObuType::Frame:
    case media::ObuType::FrameHeader:
      verdict = judge_frame(obu, element, chosen);
      chosen.keeps_frame = verdict.condition.empty();
      break;
    case media::ObuType::TileGroup:
    case media::ObuType::RedundantFrameHeader: keep = chosen.keeps_frame; break;
    default: break;
  }
  if (keep && verdict.condition.empty()) media::append_obu(obu, chosen.bytes);
  return verdict;
}

Av1Depacketizer::Verdict Av1Depacketizer::read_sequence_header(const media::Obu& obu) {
  const auto header = media::parse_av1_sequence_header(obu.payload);
  if (!header) {
    sequence_header_.reset();
    return {"frame-malformed", header.error().message()};
  }
  sequence_header_ = *header;
  header_in_doubt_ = false;
  last_private_ = media::av1_codec_private(*header, obu);
  return {};
}

Av1Depacketizer::Verdict Av1Depacketizer::judge_frame(const media::Obu& obu, const Element& element,
                                                      Chosen& chosen) {
  if (!sequence_header_) {
    references_.lose_unknown();
    return {"no-key-frame", "comes before any sequence header"};
  }
  const auto header = media::parse_av1_frame_header(obu, *sequence_header_);
  if (!header) {
    lose_unknown();
    return {"frame-malformed", header.error().message()};
  }
  const media::PictureSize size = references_.size_of(*header);
  Verdict verdict;
  if (header->size && !is_allowed(size)) {
    verdict = {"frame-refused", fmt::format("declares a picture of {}x{}", size.width_px, size.height_px)};
  } else if (header->starts() && header_in_doubt_) {
    verdict = {"frame-undecodable", "follows a loss that may hold its sequence header"};
  } else if (!references_.is_decodable(*header, element.said)) {
    verdict = references_.waits_for_first_key() ? Verdict{"no-key-frame", "comes before any key frame"}
                                                : Verdict{"frame-undecodable", "refers to what is lost"};
  }
  if (!verdict.condition.empty()) {
    references_.lose(*header);
    return verdict;
  }
  references_.take(*header, size, element.said);
  if (!chosen.any_given) chosen.key = header->starts();
  chosen.any_given = true;
  chosen.size = size;
  return verdict;
}

void Av1Depacketizer::drop(const Verdict& verdict) {
  note_drop();
  log(verdict.condition, *unit_, 1, fmt::format("the temporal unit at {} {}", unit_->words(), verdict.why));
}

void Av1Depacketizer::give(Chosen& chosen) {
  if (chosen.left_out > 0)
    log("layer-lost", *unit_, chosen.left_out,
        fmt::format("the temporal unit at {} is without layers, one of which {}", unit_->words(),
                    chosen.worst.why));
  if (!std::exchange(given_any_, true)) codec_private_ = last_private_;
  FrameInTrack& given = give_out(*unit_, chosen.key, chosen.size);
  given.frame.bytes = std::move(chosen.bytes);
}

}  // namespace greffe::depacketizer
