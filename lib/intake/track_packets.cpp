#include "intake/track_packets.h"

namespace greffe::intake {

Result<std::unique_ptr<TrackPackets>> TrackPackets::open(const TrackSource& source, const TrackCoding& coding,
                                                         DamageLog& of_track) {
  std::unique_ptr<TrackPackets> track(new TrackPackets);
  DamageLog& damage = coding.told_beside ? track->told_beside_ : of_track;
  GREFFE_TRY(track->dump_, DumpPackets::open(source, damage));
  rtp::ReceivedPacketSource* packets = track->dump_.get();
  if (!source.beside.empty()) {
    // What is damaged in them is told where they are found.
    GREFFE_TRY(track->beside_, PacketsBeside::open(*track->dump_, source.beside, track->told_beside_));
    packets = track->beside_.get();
  }
  if (coding.retransmissions.any())
    packets = &track->restorer_.emplace(*packets, coding.retransmissions, source.place, damage);
  if (coding.red) packets = &track->unwrapper_.emplace(*packets, *coding.red, source.place, damage);
  if (coding.protection.any())
    packets = &track->corrector_.emplace(*packets, coding.protection, source.place, damage);
  rtp::JitterBufferOptions options;
  options.place = source.place;
  options.window = coding.reordering_window;
  options.clock_rate = coding.clock;
  options.has_arrival = coding.has_arrival;
  options.has_copies = coding.has_copies;
  track->ordered_.emplace(*packets, std::move(options), damage);
  if (!coding.elsewhere.empty()) track->own_.emplace(*track->ordered_, coding);
  return track;
}

}  // namespace greffe::intake
