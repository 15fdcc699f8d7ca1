#include "rtp/jitter_buffer.h"

#include <algorithm>

namespace greffe::rtp {
namespace {

constexpr std::int64_t Cycle = 65'536;
constexpr std::int64_t MaxDropout = 3000;  // RFC 3550 A.1: a jump forward that needs no second opinion
constexpr std::int64_t MaxMisorder = 100;  // RFC 3550 A.1: how far the second packet may lie from the first
constexpr std::int64_t MaxTrickle = 512;   // how far numbers of an SSRC that has ended are still its own
constexpr Duration LeastForRate = std::chrono::seconds(10);  // that a track's packet rate is known by
constexpr Duration MaxDisagreement = std::chrono::milliseconds(1000);

Duration duration_of(std::int64_t ticks, ClockRate rate) {
  return Duration(ticks * 1'000'000'000 / static_cast<std::int64_t>(rate.hz));
}

bool is_unnamed(const RtpPacket& packet) { return packet.ssrc.value == 0 && packet.timestamp.value == 0; }

}  // namespace

JitterBuffer::JitterBuffer(ReceivedPacketSource& source, JitterBufferOptions options, DamageLog& damage)
    : source_(source),
      options_(std::move(options)),
      damage_(damage),
      ring_(2 * static_cast<std::size_t>(std::max(options_.window, 1))) {
  options_.window = std::max(options_.window, 1);
}

Result<OrderedPacket*> JitterBuffer::next() {
  for (;;) {
    if (is_ready())
      if (give()) return &given_;
    if (held_why_ == Held::AfterGap || held_why_ == Held::NewSegment) {
      release_held();
      continue;
    }
    if (ended_) return nullptr;
    GREFFE_TRY(const ReceivedPacket* const received, source_.next());
    if (received != nullptr) {
      if (is_next_in_line(*received)) {
        pass(*received);
        return &given_;
      }
      accept(*received);
    } else {
      ended_ = true;
      drop_candidate();
    }
  }
}

// Nothing waits, and nothing can come between the packet before and this one.
bool JitterBuffer::is_next_in_line(const ReceivedPacket& received) const {
  const RtpPacket& packet = received.parsed.packet;
  return given_any_ && held_why_ == Held::None && is_drained() && !received.recovered &&
         received.recording == recording_ && ssrc_ == packet.ssrc && highest_ + 1 == expected_ &&
         static_cast<std::uint16_t>(expected_) == packet.sequence.value && !contradicts_number(1, packet);
}

void JitterBuffer::pass(const ReceivedPacket& received) {
  ++counts_.packets;
  note_flaws(received);
  ring_.pass(expected_, options_.has_copies ? content_of(received.parsed.packet) : 0);
  highest_ = expected_++;
  next_ = expected_;
  highest_timestamp_ = received.parsed.packet.timestamp;
  highest_arrival_ = received.arrival;
  given_ = {.sequence = highest_,
            .ticks = unwrapped_ticks(received.parsed.packet.timestamp, received.arrival),
            .arrival = received.arrival,
            .cut = received.cut || received.parsed.extension_overrun,
            .packet = received.parsed.packet};
}

// Full, or nothing more can come between. What was rebuilt waits for what it was rebuilt of.
bool JitterBuffer::is_ready() const {
  if (is_drained()) return false;
  if (ended_ || held_why_ == Held::AfterGap || held_why_ == Held::NewSegment ||
      highest_ - next_ >= options_.window)
    return true;
  if (!given_any_ || next_ != expected_) return false;
  const StoredPacket* in_line = ring_.find(next_);
  return in_line != nullptr && !in_line->recovered;
}

bool JitterBuffer::give() {
  if (!given_any_ && has_unnamed_) time_unnamed();
  while (next_ <= highest_ && ring_.find(next_) == nullptr) ++next_;
  if (next_ > highest_) return false;
  const StoredPacket& stored = *ring_.find(next_++);
  const std::int64_t missing = given_any_ ? stored.sequence - expected_ : 0;
  if (missing > 0) log_lost(expected_, missing);
  if (stored.recovered) ++counts_.recovered;
  given_ = {.sequence = stored.sequence,
            .ticks = unwrapped_ticks(stored.packet.timestamp, stored.arrival),
            .arrival = stored.arrival,
            .lost_before = static_cast<std::uint32_t>(missing),
            .starts_segment = !given_any_,
            .cut = stored.cut,
            .recovered = stored.recovered,
            .packet = stored.packet};
  given_any_ = true;
  expected_ = next_;
  return true;
}

void JitterBuffer::log_lost(std::int64_t first, std::int64_t count) {
  counts_.lost += static_cast<std::uint64_t>(count);
  lost_.add(first, count);
  damage_.add(
      {.condition = "lost-packets",
       .place = options_.place,
       .unit = "packets",
       .position = position_of(first),
       .amount = static_cast<std::uint64_t>(count),
       .text = fmt::format("{} packet(s) from sequence number {} on never came", count, first % Cycle)});
}

// Nearest to the highest before; after a silence longer than half a turn of the RTP clock (6.6 h at 90 kHz),
// the turn that fits the arrival (R2, R62).
std::int64_t JitterBuffer::unwrapped_ticks(RtpTimestamp timestamp, ArrivalTime arrival) {
  constexpr std::int64_t Turn = std::int64_t{1} << 32;
  std::int64_t ticks = unwrap_ticks_(timestamp.value) + extra_cycles_ * Turn;
  if (given_any_ && options_.clock_rate && options_.has_arrival) {
    const std::int64_t silence_s = (arrival - last_arrival_).count() / 1'000'000'000;
    const std::int64_t elapsed = silence_s * static_cast<std::int64_t>(options_.clock_rate->hz);
    const std::int64_t behind = last_ticks_ + elapsed - ticks;
    if (elapsed > Turn / 2 && behind > Turn / 2) {
      const std::int64_t turns = (behind + Turn / 2) / Turn;
      extra_cycles_ += turns;
      ticks += turns * Turn;
    }
  }
  last_ticks_ = ticks;
  last_arrival_ = arrival;
  return ticks;
}

void JitterBuffer::accept(const ReceivedPacket& received) {
  if (received.recovered) return accept_recovered(received);
  const RtpPacket& packet = received.parsed.packet;
  ++counts_.packets;
  note_flaws(received);
  if (received.recording != recording_) {
    accept_other_recording(received);
  } else if (!ssrc_) {
    begin_segment(packet.sequence, packet.ssrc);
    put(highest_, received);
  } else if (packet.ssrc == *ssrc_) {
    place(received);
  } else {
    accept_other_ssrc(received);
  }
}

// Only into a hole near by: it starts nothing and moves nothing.
void JitterBuffer::accept_recovered(const ReceivedPacket& received) {
  const RtpPacket& packet = received.parsed.packet;
  if (!ssrc_ || packet.ssrc != *ssrc_ || received.recording != recording_) return;
  const std::int64_t step = wrapped_distance(static_cast<std::uint16_t>(highest_), packet.sequence.value);
  const std::int64_t sequence = highest_ + step;
  const bool has_place = step <= MaxDropout && sequence >= expected_ &&
                         highest_ - sequence < ring_.capacity() && sequence - next_ < ring_.capacity();
  if (!has_place || contradicts_number(step, packet) || ring_.find(sequence) != nullptr) return;
  put(sequence, received);
}

void JitterBuffer::note_flaws(const ReceivedPacket& received) {
  const auto note = [&](std::string_view condition, std::string_view what) {
    const std::uint16_t number = received.parsed.packet.sequence.value;
    damage_.add({.condition = condition,
                 .place = options_.place,
                 .unit = "packets",
                 .position = static_cast<std::int64_t>(received.position),
                 .text = fmt::format("packet {} at byte {} {}", number, received.position, what)});
  };
  if (received.parsed.padding_wrong) note("padding-wrong", "says it is padded, with an impossible count");
  if (received.parsed.extension_overrun)
    note("extension-overrun", "has header extensions longer than itself");
  if (received.cut) note("packet-cut", "was kept in part only");
  if (received.parsed.packet.payload.empty() && received.parsed.packet.padding_bytes > 0)
    ++counts_.padding_only;
}

bool JitterBuffer::joins_unnamed(const ReceivedPacket& received) const {
  if (given_any_) return false;
  const StoredPacket* highest = ring_.find(highest_);
  const bool unnamed =
      is_unnamed(received.parsed.packet) || (highest != nullptr && is_unnamed(highest->packet));
  const std::int64_t step =
      wrapped_distance(static_cast<std::uint16_t>(highest_), received.parsed.packet.sequence.value);
  return unnamed && std::abs(step) <= MaxMisorder;
}

// Late, from before the SSRC changed, and not its sender begun anew.
bool JitterBuffer::trickles_in(const ReceivedPacket& received) const {
  const RtpPacket& packet = received.parsed.packet;
  const std::int64_t most = std::min<std::int64_t>(options_.window, MaxTrickle);
  const std::int64_t step = distance(previous_highest_, packet.sequence);
  const std::int64_t ticks = distance(previous_timestamp_, packet.timestamp);
  const std::int64_t second = options_.clock_rate.value_or(ClockRate{}).hz;
  return packet.ssrc == previous_ssrc_ && step <= 0 && step > -most && ticks <= second / 2 &&
         ticks > -60 * second && counts_.packets - packets_before_switch_ <= static_cast<std::uint64_t>(most);
}

void JitterBuffer::accept_other_ssrc(const ReceivedPacket& received) {
  const RtpPacket& packet = received.parsed.packet;
  if (joins_unnamed(received)) {
    has_unnamed_ = true;
    if (packet.ssrc.value != 0) ssrc_ = packet.ssrc;
    place(received);
    return;
  }
  if (trickles_in(received)) {
    ++counts_.late;
    ++counts_.too_late;
    damage_.add({.condition = "late-packets",
                 .place = options_.place,
                 .unit = "packets",
                 .position = static_cast<std::int64_t>(packet.sequence.value),
                 .text = fmt::format("packet {} came after its stream had ended", packet.sequence.value)});
    return;
  }
  drop_candidate();
  hold(Held::NewSegment, 0, received);
}

// Neither its numbers nor its SSRC have to do with what was before.
void JitterBuffer::accept_other_recording(const ReceivedPacket& received) {
  recording_ = received.recording;
  drop_candidate();
  ssrc_.reset();
  hold(Held::NewSegment, 0, received);
}

// Once packets before and after have come: the first one with a real SSRC lends its time to those of SSRC 0
// that belong to its frame.
void JitterBuffer::time_unnamed() {
  std::int64_t named = next_;
  while (named <= highest_) {
    const StoredPacket* stored = ring_.find(named);
    if (stored != nullptr && stored->packet.ssrc.value != 0) break;
    ++named;
  }
  if (named > highest_) return;
  const RtpTimestamp time = ring_.find(named)->packet.timestamp;
  for (std::int64_t sequence = named - 1; sequence >= next_; --sequence) {
    StoredPacket* stored = ring_.find(sequence);
    if (stored == nullptr) continue;
    if (stored->packet.marker) break;
    stored->packet.timestamp = time;
  }
}

void JitterBuffer::place(const ReceivedPacket& received) {
  const SequenceNumber number = received.parsed.packet.sequence;
  const std::int64_t step = wrapped_distance(static_cast<std::uint16_t>(highest_), number.value);
  const std::int64_t sequence = highest_ + step;
  const bool plausible = !contradicts_number(step, received.parsed.packet);
  if (step <= 0 && plausible && drop_known(sequence, received)) return;
  if (step <= MaxDropout && plausible) {
    drop_candidate();
    place_far(sequence, received);
  } else if (const auto after_gap = find_after_gap(received)) {
    drop_candidate();
    place_far(*after_gap, received);
  } else if (held_why_ == Held::Candidate) {
    judge_candidate(received);
  } else {
    hold(Held::Candidate, sequence, received);
  }
}

// Into the ring, or, when the ring must be emptied first, behind it.
void JitterBuffer::place_far(std::int64_t sequence, const ReceivedPacket& received) {
  if (sequence < expected_ || highest_ - sequence >= ring_.capacity()) {
    ++counts_.late;
    ++counts_.too_late;
    if (lost_.take(sequence)) {
      --counts_.lost;
      damage_.take_back("lost-packets", options_.place, 1);
    }
    damage_.add({.condition = "late-packets",
                 .place = options_.place,
                 .unit = "packets",
                 .position = position_of(sequence),
                 .text = fmt::format("packet {} came after its place was given up", sequence % Cycle)});
  } else if (sequence - next_ < ring_.capacity()) {
    put(sequence, received);
  } else {
    hold(Held::AfterGap, sequence, received);
  }
}

// The packet itself, after what was rebuilt of it. When that has been given out, nothing is missing and
// nothing is left to do.
void JitterBuffer::replace_copy(StoredPacket& copy, const ReceivedPacket& received) {
  ++counts_.late;
  if (copy.sequence >= next_) {
    copy.assign(copy.sequence, received);
    return;
  }
  copy.recovered = false;
  --counts_.recovered;
}

// A copy of a packet that is, or lately was, in the ring (R5): the first one stays.
bool JitterBuffer::drop_known(std::int64_t sequence, const ReceivedPacket& received) {
  StoredPacket* const stored = ring_.find(sequence);
  if (stored != nullptr && stored->recovered) {
    replace_copy(*stored, received);
    return true;
  }
  const auto known = ring_.find_content(sequence);
  if (!known) return false;
  ++counts_.duplicates;
  if (*known == content_of(received.parsed.packet)) return true;
  ++counts_.differing;
  damage_.add({.condition = "differing-duplicates",
               .place = options_.place,
               .unit = "packets",
               .position = position_of(sequence),
               .text = fmt::format("packet {} came again with other content; the first one is kept",
                                   sequence % Cycle)});
  return true;
}

// Along the numbers RTP time does not run back: a lower number is not later, a much higher one not earlier.
// Half a second of slack near by, for codecs that send pictures out of order; a minute for the latest copy of
// a lost packet.
bool JitterBuffer::contradicts_number(std::int64_t step, const RtpPacket& packet) const {
  if (!given_any_ && (has_unnamed_ || is_unnamed(packet))) return false;
  const std::int64_t second = options_.clock_rate.value_or(ClockRate{}).hz;
  const std::int64_t ticks = distance(highest_timestamp_, packet.timestamp);
  if (step <= 0) return ticks > (step > -MaxMisorder ? second / 2 : 0) || ticks < -60 * second;
  return step > MaxMisorder && ticks < -second / 2;
}

// The place of a packet whose number jumped, if the jump is a gap: RTP time moved forward as arrival did
// (within a second), and no more is missing than twice the track's packet rate over that time. Numbers that
// went once round are seen by this, too.
std::optional<std::int64_t> JitterBuffer::find_after_gap(const ReceivedPacket& received) const {
  const RtpPacket& packet = received.parsed.packet;
  const std::int64_t step = wrapped_distance(static_cast<std::uint16_t>(highest_), packet.sequence.value);
  const std::int64_t missing = step > 0 ? step : step + Cycle;
  const std::int64_t ticks = distance(highest_timestamp_, packet.timestamp);
  if (ticks <= 0) return std::nullopt;
  if (!options_.clock_rate || !options_.has_arrival) {
    return step > 0 ? std::optional(highest_ + step) : std::nullopt;
  }
  const Duration elapsed = received.arrival - highest_arrival_;
  const Duration disagreement = duration_of(ticks, *options_.clock_rate) - elapsed;
  if (disagreement > MaxDisagreement || disagreement < -MaxDisagreement) return std::nullopt;
  constexpr std::int64_t Second_ns = 1'000'000'000;
  const std::int64_t lived_s =
      std::max<std::int64_t>((highest_arrival_ - first_arrival_).count() / Second_ns, 1);
  const std::int64_t packets_per_s = (highest_ - first_sequence_) / lived_s + 1;
  if (missing > 2 * packets_per_s * (elapsed.count() / Second_ns + 1)) return std::nullopt;
  return highest_ + missing + Cycle * circles_unseen(missing, elapsed);
}

// How many whole circles of numbers went by beside `step`: those that come nearest to what the track's own
// rate says was sent, a quarter short of each being enough. A jump of few numbers never comes here: after a
// pause those are what is missing.
std::int64_t JitterBuffer::circles_unseen(std::int64_t step, Duration elapsed) const {
  constexpr std::int64_t MostCircles = 4096;
  const Duration lived = highest_arrival_ - first_arrival_;
  if (lived < LeastForRate || elapsed <= Duration::zero()) return 0;
  const __int128 sent = static_cast<__int128>(highest_ - first_sequence_) * elapsed.count() / lived.count();
  return static_cast<std::int64_t>(std::clamp<__int128>((sent - step + Cycle / 4) / Cycle, 0, MostCircles));
}

void JitterBuffer::judge_candidate(const ReceivedPacket& received) {
  const std::int64_t step = distance(held_[0].packet.sequence, received.parsed.packet.sequence);
  if (step == 0 || std::abs(step) > std::min<std::int64_t>(MaxMisorder, options_.window)) {
    hold(Held::Candidate, held_[0].sequence, received);
    return;
  }
  held_[1].assign(0, received);
  held_count_ = held_.size();
  held_why_ = Held::NewSegment;
}

void JitterBuffer::drop_candidate() {
  if (held_why_ != Held::Candidate) return;
  ++counts_.stray;
  damage_.add(
      {.condition = "stray-packets",
       .place = options_.place,
       .unit = "packets",
       .position = static_cast<std::int64_t>(held_[0].packet.sequence.value),
       .text = fmt::format("packet {} fits no numbering of the track", held_[0].packet.sequence.value)});
  held_why_ = Held::None;
  held_count_ = 0;
}

void JitterBuffer::hold(Held why, std::int64_t sequence, const ReceivedPacket& received) {
  drop_candidate();
  held_[0].assign(sequence, received);
  held_count_ = 1;
  held_why_ = why;
}

// The ring is empty: what was put aside is now the next.
void JitterBuffer::release_held() {
  const Held why = std::exchange(held_why_, Held::None);
  const std::size_t count = std::exchange(held_count_, 0);
  if (why == Held::AfterGap) {
    // expected_ stays: what lies between counts as lost when the next packet is given out.
    next_ = highest_ = held_[0].sequence;
    put(held_[0]);
    return;
  }
  previous_ssrc_ = ssrc_;
  previous_highest_.value = static_cast<std::uint16_t>(highest_);
  previous_timestamp_ = highest_timestamp_;
  packets_before_switch_ = counts_.packets;
  begin_segment(held_[0].packet.sequence, held_[0].packet.ssrc);
  for (std::size_t i = 0; i < count; ++i) {
    StoredPacket& held = held_[i];
    held.sequence =
        highest_ + wrapped_distance(static_cast<std::uint16_t>(highest_), held.packet.sequence.value);
    put(held);
  }
}

void JitterBuffer::begin_segment(SequenceNumber first, Ssrc ssrc) {
  ++counts_.segments;
  ring_.forget_all();
  lost_.forget_all();
  ssrc_ = ssrc;
  first_sequence_ = next_ = highest_ = Cycle + first.value;
  expected_ = first_sequence_ - options_.window;
  given_any_ = false;
  has_unnamed_ = false;
  unwrap_ticks_.reset();
  extra_cycles_ = 0;
}

void JitterBuffer::put(std::int64_t sequence, const ReceivedPacket& received) {
  ring_.slot(sequence).assign(sequence, received);
  note_number(sequence);
}

void JitterBuffer::put(StoredPacket& stored) {
  const std::int64_t sequence = stored.sequence;
  std::swap(ring_.slot(sequence), stored);
  note_number(sequence);
}

void JitterBuffer::note_number(std::int64_t sequence) {
  const StoredPacket& stored = ring_.slot(sequence);
  if (sequence < highest_ && !stored.recovered) ++counts_.late;
  next_ = std::min(next_, sequence);
  if (sequence < highest_) return;
  if (sequence == first_sequence_) first_arrival_ = stored.arrival;
  highest_ = sequence;
  highest_timestamp_ = stored.packet.timestamp;
  highest_arrival_ = stored.arrival;
}

}  // namespace greffe::rtp
