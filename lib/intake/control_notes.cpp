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
  HostPort parts{.host = address.substr(0, colon)};
  if (colon != std::string_view::npos)
    std::from_chars(address.data() + colon + 1, address.data() + address.size(), parts.port);
  return parts;
}

bool is_same_or_next(std::string_view control, std::string_view media) {
  const HostPort a = parts_of(control), b = parts_of(media);
  return a.host == b.host && (a.port == b.port || a.port == b.port + 1);
}

Kinship nearest(const dump::Flow& control, const MediaFlows& media, Ssrc ssrc) {
  Kinship nearest = Kinship::None;
  const auto flows = media.find(ssrc);
  if (flows == media.end()) return nearest;
  for (const dump::Flow& flow : flows->second) nearest = std::max(nearest, kinship(control, flow));
  return nearest;
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
  if (compound.sender_reports.empty()) return;
  const std::uint32_t index = index_of(flow);
  for (const rtp::SenderReport& report : compound.sender_reports)
    reports_.push_back({report.ssrc, report.ntp, report.timestamp, arrival, index});
}

std::vector<RawReport> ControlNotes::reports_for(const MediaFlows& own, const MediaFlows& all) const {
  enum class Of : std::uint8_t { Own, Another, Nobody };
  std::map<std::pair<Ssrc, std::uint32_t>, Of> known;
  const auto judge = [&](const RawReport& report) {
    const auto [place, added] = known.try_emplace({report.ssrc, report.flow}, Of::Nobody);
    if (!added) return place->second;
    const Kinship mine = nearest(flows_[report.flow], own, report.ssrc);
    const Kinship best = std::max(mine, nearest(flows_[report.flow], all, report.ssrc));
    if (best != Kinship::None) place->second = mine == best ? Of::Own : Of::Another;
    return place->second;
  };
  std::set<Ssrc> has_own;
  for (const RawReport& report : reports_)
    if (own.contains(report.ssrc) && judge(report) == Of::Own) has_own.insert(report.ssrc);
  std::vector<RawReport> taken;
  for (const RawReport& report : reports_) {
    if (!own.contains(report.ssrc)) continue;
    const Of of = judge(report);
    if (of == Of::Own || (of == Of::Nobody && !has_own.contains(report.ssrc))) taken.push_back(report);
  }
  return taken;
}

}  // namespace greffe::intake
