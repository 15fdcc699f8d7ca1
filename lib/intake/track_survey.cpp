#include "intake/track_survey.h"

#include <algorithm>
#include <array>

#include "base/progress.h"
#include "base/text.h"
#include "depacketizer/audio.h"
#include "depacketizer/encryption.h"
#include "depacketizer/opus_packet.h"
#include "rtp/header_extension.h"

namespace greffe::intake {
namespace {

constexpr std::size_t MostSsrcs = 64;
// RTP time that begins anew more often is nobody's clock, and to look for each report's place would take
// long.
constexpr std::size_t MostSegments = 1024;
constexpr std::size_t LongestRid = 32;

// Counts what is nearly always the same as before.
template <class Key>
class RunCounter {
 public:
  explicit RunCounter(std::map<Key, std::uint64_t>& counts) : counts_(counts) {}
  void add(const Key& key) {
    if (latest_ == nullptr || latest_->first != key) latest_ = &*counts_.try_emplace(key).first;
    ++latest_->second;
  }

 private:
  std::map<Key, std::uint64_t>& counts_;
  typename std::map<Key, std::uint64_t>::value_type* latest_ = nullptr;
};

// How long the packets last that wait least until they are full, and so lie on the envelope of arrival: of
// several durations the shortest that one in ten has. What lies between packets says little: a listener
// sends one of 20 ms now and then (DTX, comfort noise).
class PacketDurations {
 public:
  void see(std::int64_t ticks) {
    if (ticks > 0) durations_.add(ticks);
  }
  std::int64_t commonest() const {
    const auto most = std::max_element(counts_.begin(), counts_.end(),
                                       [](const auto& a, const auto& b) { return a.second < b.second; });
    return most == counts_.end() ? 0 : most->first;
  }
  std::int64_t shortest() const {
    std::uint64_t all = 0;
    for (const auto& [ticks, packets] : counts_) all += packets;
    for (const auto& [ticks, packets] : counts_)
      if (packets >= (all + 9) / 10) return ticks;
    return 0;
  }

 private:
  std::map<std::int64_t, std::uint64_t> counts_;
  RunCounter<std::int64_t> durations_{counts_};
};

class PacketNotes {
 public:
  explicit PacketNotes(TrackSurvey& survey) : survey_(survey), types_(survey.payload_types) {
    for (const auto& [id, uri] : survey.coding.extmap)
      if (uri == rtp::uri::StreamId) rid_ids_.push_back(id);
  }
  void see(const rtp::RtpPacket& packet);
  void finish();

 private:
  bool is_rid(int id) const { return std::find(rid_ids_.begin(), rid_ids_.end(), id) != rid_ids_.end(); }

  TrackSurvey& survey_;
  RunCounter<PayloadType> types_;
  std::optional<Ssrc> ssrc_;
  std::vector<int> rid_ids_;
  std::array<std::uint64_t, 256> extensions_{};
};

void PacketNotes::see(const rtp::RtpPacket& packet) {
  types_.add(packet.payload_type);
  if (ssrc_ != packet.ssrc && survey_.ssrcs.size() < MostSsrcs) survey_.ssrcs.insert(packet.ssrc);
  ssrc_ = packet.ssrc;
  rtp::HeaderExtensions extensions(packet);
  while (const auto extension = extensions.next()) {
    ++extensions_[static_cast<std::size_t>(extension->id)];
    if (survey_.rid.empty() && extension->bytes.size() <= LongestRid && is_rid(extension->id))
      survey_.rid = valid_utf8(
          std::string_view(reinterpret_cast<const char*>(extension->bytes.data()), extension->bytes.size()));
  }
}

// Without a header extension that says it, the name is what SDP restricts to the commonest type, if to one
// alone.
std::string name_of_type(const TrackSurvey& survey) {
  const auto& types = survey.payload_types;
  const auto commonest = std::max_element(types.begin(), types.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  if (commonest == types.end()) return {};
  std::string named;
  for (const dump::StreamName& name : survey.coding.names) {
    if (std::find(name.types.begin(), name.types.end(), commonest->first) == name.types.end()) continue;
    if (!named.empty() && named != name.rid) return {};
    named = name.rid;
  }
  return named;
}

void PacketNotes::finish() {
  if (survey_.rid.empty()) survey_.rid = name_of_type(survey_);
  for (std::size_t id = 0; id < extensions_.size(); ++id)
    if (extensions_[id] > 0) survey_.extensions[static_cast<int>(id)] = extensions_[id];
}

// What a payload type holds, remembered while it stays the same.
class TypeLookup {
 public:
  explicit TypeLookup(const TrackCoding& coding) : coding_(coding) {}
  // Unknown for types that nothing names.
  media::CodecId operator()(PayloadType type) {
    if (type_ == type) return codec_;
    const auto known = coding_.payload_types.find(type);
    codec_ = known == coding_.payload_types.end() ? media::CodecId::Unknown : known->second;
    type_ = type;
    return codec_;
  }

 private:
  static constexpr PayloadType None{0xFF};  // types have seven bits

  const TrackCoding& coding_;
  PayloadType type_ = None;
  media::CodecId codec_ = media::CodecId::Unknown;
};

timeline::StampIds stamp_ids(const TrackCoding& coding) {
  timeline::StampIds ids;
  if (!coding.has_arrival) return ids;
  for (const auto& [id, uri] : coding.extmap) {
    if (uri == rtp::uri::AbsoluteCaptureTime) ids.capture_time = id;
    if (uri == rtp::uri::AbsoluteSendTime) ids.send_time = id;
  }
  return ids;
}

// Whether packets of `codec` tell of the track's clock: the RTP time of others may run at another rate, that
// of telephone events stands still.
bool has_clock(const TrackCoding& track, media::CodecId codec) {
  if (codec == track.codec) return true;
  return codec != media::CodecId::Unknown && codec != media::CodecId::TelephoneEvent &&
         media::facts_of(codec).rtp_clock == track.clock;
}

bool is_stereo(const rtp::OrderedPacket& packet) {
  if (packet.cut) return false;
  const auto opus = depacketizer::parse_opus_packet(packet.packet.payload);
  return opus && opus->channels == 2;
}

Result<TrackSurvey> survey_once(const TrackSource& source, TrackCoding coding) {
  TrackSurvey survey{.coding = std::move(coding)};
  GREFFE_TRY(const auto packets, TrackPackets::open(source, survey.coding, survey.damage));
  packets->on_rtcp([&](const rtp::RtcpCompound& compound, const dump::Flow& flow, ArrivalTime arrival) {
    survey.control.add(compound, flow, arrival);
  });
  timeline::ClockObserver observer(survey.coding.clock, survey.coding.has_arrival);
  timeline::StampObserver stamps(stamp_ids(survey.coding), survey.coding.clock);
  depacketizer::EncryptionWatch encryption(survey.coding.codec);
  rtp::TelephoneEventLog events(source.place, survey.damage);
  PacketNotes notes(survey);
  PacketDurations durations;
  TypeLookup codec_of(survey.coding);
  const bool is_video = media::facts_of(survey.coding.codec).kind == media::Kind::Video;
  for (std::uint64_t number = 0;; ++number) {
    GREFFE_TRY(const auto packet, packets->next());
    if (!packet) break;
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", source.place);
    notes.see(packet->packet);
    const auto codec = codec_of(packet->packet.payload_type);
    if (codec == media::CodecId::TelephoneEvent) events.see(*packet, number);
    if (!has_clock(survey.coding, codec) && !packet->starts_segment) {
      observer.pass();
      continue;
    }
    observer.see(*packet);
    if (is_video) survey.frame_times.add(packet->ticks, packet->arrival);
    if (!packet->recovered) stamps.see(*packet);  // what is sent again has stamps of its own
    if (codec == survey.coding.codec) {
      encryption.see(*packet);
      if (!is_video && !packet->cut && !packet->recovered)
        durations.see(depacketizer::duration_of(packet->packet.payload, survey.coding.audio));
    }
    if (codec == media::CodecId::Opus && !survey.stereo) survey.stereo = is_stereo(*packet);
  }
  notes.finish();
  survey.counts = packets->counts();
  survey.coding.has_copies = survey.counts.duplicates > 0;
  survey.repair_packets = packets->repair_packets();
  survey.flows = packets->media_flows();
  if (packets->wrapped_packets() > 0) survey.payload_types[*survey.coding.red] = packets->wrapped_packets();
  survey.clock = observer.finish();
  survey.packet_ticks = durations.shortest();
  survey.counts_samples = survey.coding.codec == media::CodecId::G722 && survey.clock.usual_step > 0 &&
                          survey.clock.usual_step == 2 * durations.commonest();
  survey.stamps = stamps.finish();
  survey.encrypted = encryption.verdict();
  survey.clock.sent = survey.stamps.sent;
  if (survey.clock.segments.size() > MostSegments) survey.stamps.captures.clear();
  survey.events = events.events();
  if (survey.clock.segments.empty()) return fail(ErrorKind::Damaged, "{}: no media in it", source.place);
  return survey;
}

}  // namespace

Result<TrackSurvey> survey_track(const TrackSource& source, TrackCoding coding) {
  constexpr int WidestWindow = 16'384;  // half of what numbers can tell apart; 40 MB of video
  GREFFE_TRY(TrackSurvey survey, survey_once(source, std::move(coding)));
  if (survey.counts_samples) {
    TrackCoding doubled = survey.coding;
    doubled.clock.hz *= 2;
    doubled.audio.clock = doubled.clock;
    GREFFE_TRY(survey, survey_once(source, std::move(doubled)));
  }
  if (survey.counts.too_late == 0 || survey.clock.left_out > 0 ||
      survey.coding.reordering_window >= WidestWindow)
    return survey;
  TrackCoding wider = survey.coding;
  wider.has_copies = true;
  wider.reordering_window = WidestWindow;
  auto again = survey_once(source, std::move(wider));
  if (!again) return again;
  return again->counts.too_late < survey.counts.too_late ? std::move(again) : std::move(survey);
}

Status check_clock(const TrackSurvey& survey, std::string_view place) {
  const timeline::ClockObservation& clock = survey.clock;
  if (clock.left_out > 0)
    return fail(ErrorKind::Damaged, "{}: its numbers or times begin anew {} times: that is nobody's clock",
                place, clock.segments.size() + clock.left_out);
  // With arrival times a leap of RTP time begins a segment; here each adds hours.
  constexpr std::int64_t LongestDays = 366;
  std::int64_t days = 0;
  if (!survey.coding.has_arrival)
    for (const timeline::ObservedSegment& segment : clock.segments)
      days += (segment.last_tick - segment.first_tick) / (std::int64_t{clock.rate.hz} * 86'400);
  if (days <= LongestDays) return {};
  return fail(ErrorKind::Damaged, "{}: it has no arrival times, and by its RTP time it lasts {} days", place,
              days);
}

std::vector<timeline::TelephoneEvent> events_on(const timeline::ClockMap& clock, const TrackSurvey& survey) {
  const auto& segments = survey.clock.segments;
  std::vector<timeline::TelephoneEvent> events;
  std::uint32_t segment = 0;
  for (const rtp::TelephoneEvent& event : survey.events) {
    while (segment + 1 < segments.size() && segments[segment + 1].first_packet <= event.packet) ++segment;
    const MeetingTime start = clock.at(segment, event.ticks);
    events.push_back({.range = {start, clock.at(segment, event.ticks + event.duration_ticks)},
                      .code = event.code,
                      .key = std::string(rtp::key_of(event.code))});
  }
  return events;
}

Result<ControlNotes> control_in(const TrackSource& whole_file) {
  ControlNotes notes;
  DamageLog ignored;  // the dump's damage is told where its tracks are read
  GREFFE_TRY(const auto packets, DumpPackets::open(whole_file, ignored));
  packets->on_rtcp([&](const rtp::RtcpCompound& compound, const dump::Flow& flow, ArrivalTime arrival) {
    notes.add(compound, flow, arrival);
  });
  while (true) {
    GREFFE_TRY(const auto packet, packets->next());
    if (!packet) return notes;
  }
}

std::vector<timeline::SeenReport> reports_of(const TrackSurvey& survey,
                                             const std::vector<RawReport>& reports) {
  std::vector<timeline::SeenReport> seen;
  if (!survey.coding.has_arrival || survey.clock.segments.size() > MostSegments) return seen;
  const timeline::ClockMap by_arrival = timeline::fit_arrival(survey.clock, ArrivalTime{}, {});
  for (const RawReport& report : reports) {
    if (!survey.ssrcs.contains(report.ssrc)) continue;
    // The segment in which the report came, and the tick its media is at by then.
    std::size_t i = 0;
    while (i + 1 < survey.clock.segments.size() &&
           report.arrival >= survey.clock.segments[i + 1].first_arrival)
      ++i;
    const timeline::ClockSegment& segment = by_arrival.segments[i];
    const Duration since = report.arrival.time_since_epoch() - segment.anchor.time_since_epoch();
    const auto expected =
        segment.anchor_tick + static_cast<std::int64_t>(static_cast<__int128>(since.count()) *
                                                        segment.rate_ticks / segment.rate_ns);
    const std::int64_t tick =
        expected + distance(RtpTimestamp{static_cast<std::uint32_t>(expected)}, report.timestamp);
    seen.push_back({.tick = tick, .sender = report.ntp.wall_time(), .arrival = report.arrival});
  }
  return seen;
}

timeline::AudioDelay audio_delay_of(const TrackSurvey& survey) {
  const media::CodecFacts& facts = media::facts_of(survey.coding.codec);
  if (facts.kind != media::Kind::Audio) return {};
  constexpr Duration OpusLookAhead = std::chrono::microseconds(6500);  // libopus' default delay, RFC 6716 §2
  constexpr Duration LongestPacket = std::chrono::milliseconds(120);
  const Duration packet(survey.packet_ticks * 1'000'000'000 / survey.coding.clock.hz);
  return {.packet = std::min(packet, LongestPacket),
          .look_ahead = media::is_opus(survey.coding.codec) ? OpusLookAhead : Duration::zero()};
}

}  // namespace greffe::intake
