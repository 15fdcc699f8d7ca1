#include "intake/witness.h"

#include <algorithm>
#include <map>

#include "intake/payload_sketch.h"

namespace greffe::intake {
namespace {

// What a witness file holds: a sketch of the media of each SSRC by each flow, since two people may have the
// same SSRC (R12), and all reports.
struct WitnessFile {
  std::map<Ssrc, std::map<dump::Flow, PayloadSketch>> senders;
  ControlNotes control;
};

Result<WitnessFile> read_witness(const TrackSource& source) {
  WitnessFile witness;
  DamageLog ignored;  // a witness' own damage takes nothing from the record
  GREFFE_TRY(const auto packets, DumpPackets::open(source, ignored));
  packets->on_rtcp([&](const rtp::RtcpCompound& compound, const dump::Flow& flow, ArrivalTime arrival) {
    witness.control.add(compound, flow, arrival);
  });
  while (true) {
    GREFFE_TRY(const auto received, packets->next());
    if (!received) return witness;
    const rtp::RtpPacket& packet = received->parsed.packet;
    witness.senders[packet.ssrc][packets->flow()].add(packet);
  }
}

// The track's payloads, by which it is found, and the SSRC its RTP time is known under.
Result<PayloadSketch> sketch_of(const TrackSource& source) {
  PayloadSketch sketch;
  DamageLog ignored;
  GREFFE_TRY(const auto packets, DumpPackets::open(source, ignored));
  while (true) {
    GREFFE_TRY(const auto received, packets->next());
    if (!received) return sketch;
    sketch.add(received->parsed.packet);
  }
}

// Either holds a good part of the other: who changes address leaves many flows with a small part each.
bool is_same_media(const PayloadSketch& a, const PayloadSketch& b) {
  constexpr double SameMedia = 0.3;
  return std::max(a.share_in(b), b.share_in(a)) >= SameMedia;
}

// What a witness says of the one sender whose media is a track's.
struct Testimony {
  std::vector<RawReport> reports;  // in the track's RTP time
  MediaFlows flows;
  std::set<std::string> cnames;
};
Testimony testimony_for(const PayloadSketch& track, Ssrc track_ssrc, const WitnessFile& witness) {
  MediaFlows all;
  std::map<std::uint32_t, MediaFlows> own;  // by the shift of their RTP time
  for (const auto& [ssrc, flows] : witness.senders)
    for (const auto& [flow, sketch] : flows) {
      all[ssrc].insert(flow);
      const auto shift = sketch.shift_to(track);
      if (shift && is_same_media(track, sketch)) own[*shift][ssrc].insert(flow);
    }
  Testimony testimony;
  for (const auto& [shift, flows] : own) {
    for (RawReport report : witness.control.reports_for(flows, all)) {
      report.ssrc = track_ssrc;
      report.timestamp.value += shift;
      testimony.reports.push_back(report);
    }
    for (const auto& [ssrc, by] : flows) testimony.flows[ssrc].insert(by.begin(), by.end());
    testimony.cnames.merge(witness.control.names_for(flows, all));
  }
  return testimony;
}

}  // namespace

Status read_witnesses(const std::vector<TrackSource>& witnesses, std::vector<SurveyedTrack>& tracks,
                      DamageLog& damage) {
  if (witnesses.empty()) return {};
  std::vector<PayloadSketch> sketches;
  for (const SurveyedTrack& track : tracks) {
    if (track.container) {
      sketches.emplace_back();
      continue;
    }
    GREFFE_TRY(PayloadSketch sketch, sketch_of(track.source));
    sketches.push_back(std::move(sketch));
  }
  for (const TrackSource& source : witnesses) {
    const auto witness = read_witness(source);
    bool of_use = std::any_of(tracks.begin(), tracks.end(), [&](const SurveyedTrack& track) {
      return track.source.file == source.file;  // it gives tracks of its own
    });
    for (std::size_t i = 0; witness && i < tracks.size(); ++i) {
      if (tracks[i].container || tracks[i].source.file == source.file) continue;
      SurveyedTrack& track = tracks[i];
      Testimony testimony = testimony_for(sketches[i], *track.survey.ssrcs.rbegin(), *witness);
      const auto seen = reports_of(track.survey, testimony.reports);
      track.reports.insert(track.reports.end(), seen.begin(), seen.end());
      track.cnames.merge(testimony.cnames);
      for (const auto& [ssrc, flows] : testimony.flows)
        track.survey.flows[ssrc].insert(flows.begin(), flows.end());
      of_use = of_use || !seen.empty();
    }
    if (!of_use)
      damage.add({.condition = "witness-of-no-use",
                  .place = source.place,
                  .text = witness ? "holds no sender reports of any track of this meeting"
                                  : witness.error().message()});
  }
  return {};
}

}  // namespace greffe::intake
