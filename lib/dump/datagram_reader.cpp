#include "dump/datagram_reader.h"

#include "base/progress.h"
#include "dump/link_layer.h"

namespace greffe::dump {

namespace {
constexpr std::uint64_t FramesBetweenLooks = 4096;  // at whether the user wants to stop
}

Result<std::optional<Datagram>> DatagramReader::next() {
  while (true) {
    if (++frames_ % FramesBetweenLooks == 0 && stop_requested())
      return fail(ErrorKind::Interrupted, "interrupted");
    GREFFE_TRY(const auto frame, file_->next());
    if (!frame) {
      fragments_.finish();
      return std::nullopt;
    }
    auto datagram = find_datagram(*frame);
    if (index_) note(*frame, datagram);
    if (datagram) return datagram;
  }
}

void DatagramReader::note(const CapturedFrame& frame, const std::optional<Datagram>& datagram) {
  FrameIndex::Noted noted{
      .from = frame.position, .to = file_->position(), .for_all = for_all_ || !frame.timed};
  if (datagram) noted.owner = find_owner({datagram->from, datagram->to}, datagram->payload);
  index_->add(noted);
}

std::optional<Datagram> DatagramReader::find_datagram(const CapturedFrame& frame) {
  for_all_ = !is_known_link_type(frame.link_type);
  if (for_all_) {
    damage_.add({.condition = "unknown-link-layer",
                 .place = place_,
                 .unit = "frames",
                 .position = static_cast<std::int64_t>(frame.position),
                 .text = fmt::format("frames of link type {} cannot be read", frame.link_type)});
    return std::nullopt;
  }
  const auto packet = find_network_packet(frame.link_type, frame.bytes);
  auto ip = packet ? find_udp_in(packet->bytes) : std::nullopt;
  if (!ip) return std::nullopt;
  // Where the IP header leaves the length open, only the capture knows that it kept less.
  const bool snapped = frame.bytes.size() < frame.original_bytes;
  for_all_ = ip->fragment.has_value();
  if (ip->fragment) {
    const auto whole = fragments_.add(*ip, packet->vlan, frame.arrival, frame.position);
    if (!whole) return std::nullopt;
    ip->bytes = *whole;
    ip->cut = false;
  }
  const auto udp = parse_udp(ip->bytes, ip->cut || (snapped && !ip->fragment));
  if (!udp) return std::nullopt;
  return Datagram{.from = {ip->from, udp->from_port},
                  .to = {ip->to, udp->to_port},
                  .arrival = frame.arrival,
                  .payload = udp->payload,
                  .cut = udp->cut,
                  .position = frame.position};
}

}  // namespace greffe::dump
