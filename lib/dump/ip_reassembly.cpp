#include "dump/ip_reassembly.h"

#include <algorithm>

namespace greffe::dump {

namespace {
constexpr std::size_t LargestDatagram = 65'535;
constexpr Duration LongestWait = std::chrono::seconds(30);
}  // namespace

IpReassembly::Datagram& IpReassembly::find_or_make(const IpPayload& payload, std::uint32_t vlan,
                                                   ArrivalTime arrival, std::uint64_t position) {
  while (!waiting_.empty() &&
         (waiting_.size() >= Largest || arrival - waiting_.front().arrival > LongestWait)) {
    const bool is_same = waiting_.front().is_of(payload, vlan);
    if (is_same && arrival - waiting_.front().arrival <= LongestWait) break;
    drop(waiting_.front());
    waiting_.pop_front();
  }
  for (Datagram& datagram : waiting_)
    if (datagram.is_of(payload, vlan)) return datagram;
  waiting_.push_back({.vlan = vlan,
                      .id = payload.fragment->id,
                      .from = payload.from,
                      .to = payload.to,
                      .arrival = arrival,
                      .position = position});
  return waiting_.back();
}

// Ids come again: only the same bytes are a copy.
bool IpReassembly::is_copy_of_done(const IpPayload& payload, std::uint32_t vlan, ArrivalTime arrival) const {
  return std::any_of(done_.begin(), done_.end(), [&](const Datagram& datagram) {
    const std::size_t start = payload.fragment->offset;
    const std::size_t end = start + payload.bytes.size();
    return datagram.is_of(payload, vlan) && arrival - datagram.arrival <= LongestWait &&
           end <= datagram.bytes.size() && payload.fragment->more == (end < datagram.bytes.size()) &&
           std::equal(payload.bytes.begin(), payload.bytes.end(),
                      datagram.bytes.begin() + static_cast<std::ptrdiff_t>(start));
  });
}

void IpReassembly::put(Datagram& datagram, const IpPayload& payload) {
  const Part part{payload.fragment->offset, payload.fragment->offset + payload.bytes.size()};
  const bool is_copy = std::any_of(datagram.parts.begin(), datagram.parts.end(), [&](const Part& known) {
    return known.start == part.start && known.end == part.end &&
           std::equal(payload.bytes.begin(), payload.bytes.end(),
                      datagram.bytes.begin() + static_cast<std::ptrdiff_t>(part.start));
  });
  if (is_copy) return;
  const bool overlaps = std::any_of(datagram.parts.begin(), datagram.parts.end(), [&](const Part& known) {
    return part.start < known.end && known.start < part.end;
  });
  const bool beyond = datagram.size && part.end > *datagram.size;
  // A fragment that the capture cut leaves a hole for good; an empty one says nothing.
  if (overlaps || beyond || payload.cut || payload.bytes.empty() || part.end > LargestDatagram) {
    datagram.refused = true;
    return;
  }
  if (!payload.fragment->more) datagram.size = part.end;
  if (datagram.bytes.size() < part.end) datagram.bytes.resize(part.end);
  std::copy(payload.bytes.begin(), payload.bytes.end(),
            datagram.bytes.begin() + static_cast<std::ptrdiff_t>(part.start));
  datagram.parts.push_back(part);
}

std::optional<Bytes> IpReassembly::add(const IpPayload& payload, std::uint32_t vlan, ArrivalTime arrival,
                                       std::uint64_t position) {
  if (is_copy_of_done(payload, vlan, arrival)) return std::nullopt;
  Datagram& datagram = find_or_make(payload, vlan, arrival, position);
  if (!datagram.refused) put(datagram, payload);
  if (datagram.refused || !datagram.size) return std::nullopt;
  std::size_t filled = 0;
  for (const Part& part : datagram.parts) filled += part.end - part.start;
  if (filled < *datagram.size) return std::nullopt;
  if (datagram.bytes.size() > *datagram.size) {  // a part behind the last one came before it
    datagram.refused = true;
    return std::nullopt;
  }
  const auto whole = std::find_if(waiting_.begin(), waiting_.end(),
                                  [&](const Datagram& other) { return &other == &datagram; });
  done_.splice(done_.end(), waiting_, whole);
  if (done_.size() > Remembered) done_.pop_front();
  return done_.back().bytes;
}

void IpReassembly::drop(const Datagram& datagram) {
  damage_.add({.condition = "lost-ip-fragments",
               .place = place_,
               .unit = "datagrams",
               .position = static_cast<std::int64_t>(datagram.position),
               .text = fmt::format("byte {}: {}", datagram.position,
                                   datagram.refused ? "fragments of a datagram overlap or are cut"
                                                    : "fragments of a datagram are missing")});
}

void IpReassembly::finish() {
  for (const Datagram& datagram : waiting_) drop(datagram);
  waiting_.clear();
}

}  // namespace greffe::dump
