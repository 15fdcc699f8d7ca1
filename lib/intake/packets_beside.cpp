#include "intake/packets_beside.h"

#include <utility>

namespace greffe::intake {

Result<std::unique_ptr<PacketsBeside>> PacketsBeside::open(DumpPackets& track,
                                                           const std::vector<RepairDump>& dumps,
                                                           DamageLog& damage) {
  auto beside = std::make_unique<PacketsBeside>();
  beside->sources_.push_back({.packets = &track});
  for (const RepairDump& dump : dumps) {
    const TrackSource source{.file = dump.file, .place = dump.place, .selection = dump.selection};
    GREFFE_TRY(auto opened, DumpPackets::open(source, damage));
    beside->sources_.push_back({.packets = opened.get()});
    beside->dumps_.push_back(std::move(opened));
  }
  return beside;
}

Result<rtp::ReceivedPacket*> PacketsBeside::next() {
  Source* first = nullptr;
  for (Source& source : sources_) {
    if (source.front == nullptr && !source.ended) {
      GREFFE_TRY(source.front, source.packets->next());
      source.ended = source.front == nullptr;
    }
    if (source.front != nullptr && (first == nullptr || source.front->arrival < first->front->arrival))
      first = &source;
  }
  if (first == nullptr) return nullptr;
  rtp::ReceivedPacket* const packet = std::exchange(first->front, nullptr);
  if (first == &sources_.front()) {
    recording_ = packet->recording;
  } else {
    packet->recording = recording_;
    packet->from_beside = true;
  }
  return packet;
}

}  // namespace greffe::intake
