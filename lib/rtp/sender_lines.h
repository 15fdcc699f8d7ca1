// Tells senders apart that share one SSRC, by their numbers.
#pragma once

#include <array>
#include <cstdint>
#include <set>
#include <vector>

#include "rtp/packet.h"

namespace greffe::rtp {

// Fed with the packets of one SSRC in the order they came. A packet goes on with the line whose latest packet
// is near by in number and in RTP time, both of which senders begin at random (RFC 3550 §8.2, R12); where no
// line is near, it begins one. One sender has several lines when its numbers or its clock jump: see
// senders().
//
// The same packets always get the same lines, so that a second reading can take those of one sender.
class SenderLines {
 public:
  using Line = std::uint32_t;

  // At most 65,536 lines; then the packets that begin another are put on the last.
  Line line_of(const RtpPacket& packet);

  // The lines of each sender, the one with the most packets first; never empty. More than one where lines of
  // many packets ran side by side and took turns again and again: what begins when another line has ended
  // goes on with it. Lines of a few packets are the first sender's.
  std::vector<std::set<Line>> senders() const;
  // How many packets those lines have had.
  std::uint64_t packets_of(const std::set<Line>& lines) const;

 private:
  static constexpr std::size_t MostLive = 8;  // lines that a packet may go on with
  static constexpr std::size_t MostLines = 65'536;

  struct Live {
    bool used = false;
    Line line = 0;
    SequenceNumber highest;
    RtpTimestamp timestamp;  // of the highest
    std::uint64_t last = 0;  // packet index
  };
  struct Seen {
    std::uint64_t packets = 0;
    std::uint64_t turns = 0;            // how often the packet before was of another line
    std::uint64_t first = 0, last = 0;  // packet indices
    SequenceNumber begins, ends;
  };

  struct Chain;

  static void chain_up(Line line, const Seen& seen, std::vector<Chain>& chains);
  Live* find(const RtpPacket& packet);
  Live& begin(const RtpPacket& packet);

  std::array<Live, MostLive> live_;
  std::vector<Seen> lines_;
  std::uint64_t index_ = 0;
  Line latest_ = 0;
};

}  // namespace greffe::rtp
