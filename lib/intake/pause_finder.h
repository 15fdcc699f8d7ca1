// Packets on their way to a depacketizer: where nothing was sent between two of them.
#pragma once

#include <optional>
#include <set>
#include <vector>

#include "intake/track_coding.h"
#include "rtp/packet_source.h"
#include "timeline/clock_map.h"

namespace greffe::intake {

// Time in which a track sent nothing, though packets may be missing beside it.
struct Pause {
  TimeRange range;
  bool comfort_noise = false;  // the packet before it said what silence sounds like (RFC 3389)
  bool operator==(const Pause&) const = default;
};

// What is missing between two packets lasts no longer than as many steps: of sound, whose packets a sender
// may make longer at any time, the latest before it, of video, whose pictures come as they change, the usual
// one. The rest is a pause. It follows what is missing, but after comfort noise it comes first: there the
// packet before has sounded on. Of sound a rest of up to 120 ms may be a longer packet, of video one of up
// to 1.5 s few pictures a second: no pauses.
class PauseFinder final : public rtp::PacketSource {
 public:
  // `usual_step` in ticks, see ClockObservation; 0 (unknown): no pause is found. `source` and `clock` must
  // outlive this object.
  PauseFinder(rtp::PacketSource& source, const timeline::ClockMap& clock, const TrackCoding& coding,
              std::int64_t usual_step);

  Result<rtp::OrderedPacket*> next() override;
  // The pauses found so far that end by `until` and were not taken yet, in order.
  std::vector<Pause> take(std::uint32_t segment, std::int64_t until_tick);

 private:
  struct Place {
    std::uint32_t segment = 0;
    std::int64_t ticks = 0;
    PayloadType type;
    bool comfort_noise = false;
  };
  void note_step(const Place& before, const Place& now);
  void look_between(const Place& before, const Place& now, std::uint32_t missing);
  void add(const Pause& pause);

  rtp::PacketSource& source_;
  const timeline::ClockMap& clock_;
  std::set<PayloadType> comfort_noise_;
  bool is_sound_;
  Duration step_{};   // at most what a packet of the kind lasts
  Duration least_{};  // of a pause
  std::optional<Place> last_;
  std::vector<Pause> pauses_;
};

}  // namespace greffe::intake
