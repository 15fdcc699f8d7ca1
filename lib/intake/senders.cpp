#include "intake/senders.h"

namespace greffe::intake {
namespace {

constexpr std::size_t MostSsrcs = 64;

// What one sender leaves behind whose numbers begin anew now and then, is less.
bool is_torn(const rtp::PacketCounts& counts) {
  constexpr std::uint32_t MostSegments = 8;
  constexpr std::uint64_t LeastOdd = 20;
  return counts.segments > MostSegments || counts.stray + counts.differing + counts.too_late >= LeastOdd;
}

}  // namespace

Result<std::vector<TrackSource>> senders_of(const TrackSource& source, const rtp::PacketCounts& counts,
                                            DamageLog& damage) {
  std::vector<TrackSource> tracks(1, source);
  if (!is_torn(counts) || source.sender) return tracks;
  std::map<Ssrc, rtp::SenderLines> lines;
  DamageLog ignored;  // told by the first reading
  GREFFE_TRY(const auto packets, DumpPackets::open(source, ignored));
  while (true) {
    GREFFE_TRY(const auto received, packets->next());
    if (!received) break;
    const rtp::RtpPacket& packet = received->parsed.packet;
    if (lines.size() < MostSsrcs || lines.contains(packet.ssrc)) lines[packet.ssrc].line_of(packet);
  }
  for (const auto& [ssrc, of_ssrc] : lines) {
    const auto senders = of_ssrc.senders();
    if (senders.size() < 2) continue;
    tracks.front().sender = {.ssrc = ssrc, .lines = senders.front()};
    for (std::size_t i = 1; i < senders.size(); ++i) {
      TrackSource& other = tracks.emplace_back(source);
      other.selection.ssrc = ssrc;
      other.selection.also.clear();
      other.sender = {.ssrc = ssrc, .lines = senders[i]};
      damage.add(
          {.condition = "several-senders",
           .place = source.place,
           .unit = "packets",
           .amount = of_ssrc.packets_of(senders[i]),
           .text = fmt::format("SSRC {:08x} has another sender, known by its numbers: a track of its own",
                               ssrc.value)});
    }
    break;
  }
  return tracks;
}

}  // namespace greffe::intake
