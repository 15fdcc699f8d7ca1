// The first reading of a track: what is in it, and what its packets tell of its clock. probe and ingest share
// it.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "intake/control_notes.h"
#include "intake/track_packets.h"
#include "rtp/telephone_event.h"
#include "timeline/clock_fit.h"
#include "timeline/clock_observer.h"
#include "timeline/frame_times.h"
#include "timeline/sender_stamps.h"
#include "timeline/track_sidecar.h"

namespace greffe::intake {

struct TrackSurvey {
  TrackCoding coding;
  rtp::PacketCounts counts;
  std::set<Ssrc> ssrcs;                                // at most 64 are kept
  std::map<PayloadType, std::uint64_t> payload_types;  // packets; those inside redundancy under both types
  std::map<int, std::uint64_t> extensions;             // id → packets
  std::uint64_t repair_packets = 0;  // came only to repair others: retransmissions and error correction
  std::string rid;                   // of simulcast: the sender's name for this layer (RFC 8851, RFC 8852)
  timeline::FrameTimes frame_times;  // of video
  std::int64_t packet_ticks = 0;     // of sound: what the packets last that wait least until they are full
  bool counts_samples = false;       // R24: of G.722, against RFC 3551 §4.5.2
  bool stereo = false;               // of Opus: packets of it have two channels, be it one alone (R26)
  timeline::ClockObservation clock;
  timeline::SenderStamps stamps;            // none without arrival times
  std::optional<std::string> encrypted;     // why it probably is (R37), in words
  std::vector<rtp::TelephoneEvent> events;  // of sound: keys pressed
  MediaFlows flows;                         // its packets came by
  ControlNotes control;                     // from the same source, any SSRC
  DamageLog damage;                         // of the container and the packets, not of frames

  ArrivalTime first_arrival() const { return clock.segments.front().first_arrival; }
  ArrivalTime last_arrival() const { return clock.segments.back().last_arrival; }
};

// Reads the whole track once, and once more with a wider window where packets came too late for the first
// (R6): their places are known by number, up to 16384 packets and a minute back. Fails with kind Damaged when
// nothing of it can be used; the dump itself is kept.
Result<TrackSurvey> survey_track(const TrackSource& source, TrackCoding coding);

// Fails with kind Damaged where the survey's clock is nobody's: it has too many segments, or no arrival times
// and lasts for years. No track can be made of it, unless it turns out to be several.
Status check_clock(const TrackSurvey& survey, std::string_view place);

// When the events began, and how long they lasted.
std::vector<timeline::TelephoneEvent> events_on(const timeline::ClockMap& clock, const TrackSurvey& survey);

// The RTCP of all senders in a dump: it often runs beside the media, on a port of its own.
Result<ControlNotes> control_in(const TrackSource& whole_file);

// The reports that speak of this track, their RTP time unwrapped to where it lies nearest by arrival: none
// without arrival times.
std::vector<timeline::SeenReport> reports_of(const TrackSurvey& survey,
                                             const std::vector<RawReport>& reports);

// Duration (of those that wait least) and look-ahead of the track's packets; zero for video, which leaves at
// once.
timeline::AudioDelay audio_delay_of(const TrackSurvey& survey);

}  // namespace greffe::intake
