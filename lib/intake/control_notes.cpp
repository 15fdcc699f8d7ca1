#include "intake/control_notes.h"

#include <algorithm>
#include <charconv>

namespace greffe::intake {
namespace {

struct HostPort {
  std::string_view host;
  unsigned port = 0;
};
HostPort parts_of(std::string_view address) {
  const auto colon = address.rfind(':');
  HostPort parts{.host = dump::host_of(address)};
  if (colon != std::string_view::npos)
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), parts.port);
  return parts;
}

bool is_same_or_next(std::string_view control, std::string_view media) {
  const HostPort a = parts_of(control), b = parts_of(media);
  return a.host == b.host && (a.port == b.port || a.port == b.port + 1);
}

Kinship closest_kin(const dump::Flow& control, const MediaFlows& media, Ssrc ssrc) {
  Kinship closest = Kinship::None;
  const auto flows = media.find(ssrc);
  if (flows == media.end()) return closest;
  for (const dump::Flow& flow : flows->second) closest = std::max(closest, kinship(control, flow));
  return closest;
}

}  // namespace

Kinship kinship(const dump::Flow& control, const dump::Flow& media) {
  if (control == media) return Kinship::SameFlow;
  const bool beside = is_same_or_next(control.from, media.from) && is_same_or_next(control.to, media.to);
  return beside ? Kinship::NextPort : Kinship::None;
}

std::uint32_t ControlNotes::index_of(const dump::Flow& flow) {
  const auto [known, added] = indices_.try_emplace(flow, static_cast<std::uint32_t>(flows_.size()));
  if (added) flows_.push_back(flow);
  return known->second;
}

void ControlNotes::add(const rtp::RtcpCompound& compound, const dump::Flow& flow, ArrivalTime arrival) {
  constexpr std::size_t MostSpeakers = 4096, MostNames = 16;
  if (compound.sender_reports.empty() && compound.names.empty()) return;
  const std::uint32_t index = index_of(flow);
  for (const rtp::SenderReport& report : compound.sender_reports)
    reports_.push_back({report.ssrc, report.ntp, report.timestamp, arrival, index});
  for (const rtp::CanonicalName& name : compound.names) {
    const Speaker speaker{name.ssrc, index};
    if (names_.size() >= MostSpeakers && !names_.contains(speaker)) continue;
    auto& names = names_[speaker];
    if (names.size() < MostNames) names.insert(name.cname);
  }
}

std::set<ControlNotes::Speaker> ControlNotes::speakers_for(const std::set<Speaker>& among,
                                                           const MediaFlows& own,
                                                           const MediaFlows& all) const {
  std::set<Speaker> kin, strangers;
  std::set<Ssrc> have_kin;
  for (const Speaker& speaker : among) {
    const auto& [ssrc, flow] = speaker;
    if (!own.contains(ssrc)) continue;
    const Kinship mine = closest_kin(flows_[flow], own, ssrc);
    const Kinship best = std::max(mine, closest_kin(flows_[flow], all, ssrc));
    if (best == Kinship::None) {
      strangers.insert(speaker);
    } else if (mine == best) {
      kin.insert(speaker);
      have_kin.insert(ssrc);
    }
  }
  for (const Speaker& speaker : strangers)
    if (!have_kin.contains(speaker.first)) kin.insert(speaker);
  return kin;
}

std::vector<RawReport> ControlNotes::reports_for(const MediaFlows& own, const MediaFlows& all) const {
  std::set<Speaker> speakers;
  for (const RawReport& report : reports_) speakers.insert({report.ssrc, report.flow});
  speakers = speakers_for(speakers, own, all);
  std::vector<RawReport> taken;
  for (const RawReport& report : reports_)
    if (speakers.contains({report.ssrc, report.flow})) taken.push_back(report);
  return taken;
}

std::set<std::string> ControlNotes::names_for(const MediaFlows& own, const MediaFlows& all) const {
  std::set<Speaker> speakers;
  for (const auto& [speaker, names] : names_) speakers.insert(speaker);
  std::set<std::string> taken;
  for (const Speaker& speaker : speakers_for(speakers, own, all)) {
    const auto& names = names_.at(speaker);
    taken.insert(names.begin(), names.end());
  }
  return taken;
}

}  // namespace greffe::intake
