// What of a track is missing, where on the meeting's clock, and what stands in for it.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "timeline/track_sidecar.h"

namespace greffe::timeline {

enum class MissingKind : std::uint8_t {
  Loss,          // packets that never came; what that costs is told by the other kinds
  Concealment,   // sound of up to 100 ms that the decoder makes up (R7)
  Silence,       // sound beyond that: lost, and silent in the film
  Freeze,        // the last good picture stands, since later ones are lost or refer to what is lost
  LateKeyFrame,  // pictures came, but none that decoding can start with (R30)
  Stall,       // nothing came and nothing is lost: switched off, muted by stopping, or the sender stood still
  Truncation,  // the dump ends in the middle of a record, or a file earlier than its head says (R50)
};
std::string_view name_of(MissingKind kind);  // "loss", "late-key-frame", …

struct MissingSpan {
  MissingKind kind = MissingKind::Loss;
  TimeRange range;            // of a truncation: empty, at its place
  std::uint64_t packets = 0;  // of a loss
  bool operator==(const MissingSpan&) const = default;
};

// In order of start, losses first; spans of one kind do not overlap. Gaps of less than 1.5 s without loss are
// how media is sent (DTX, few pictures a second) and not listed.
std::vector<MissingSpan> missing_of(const TrackSidecar& sidecar);

// A track's spans added up.
struct MissingTotals {
  std::uint64_t expected_packets = 0;  // that came, and that did not
  std::uint64_t lost_packets = 0;
  Duration concealment{};
  Duration silence{};
  Duration freeze{};
  Duration late_key_frame{};
  Duration stall{};
  bool truncated = false;
  // The second of meeting time with most concealment, silence, freeze and late key frame, the first of
  // equals; nullopt when there is none of these.
  struct Second {
    MeetingTime start{};
    Duration missing{};
  };
  std::optional<Second> worst;

  double loss_percent() const;  // 0 to 100
};
MissingTotals totals_of(const TrackSidecar& sidecar, const std::vector<MissingSpan>& spans);

// What an operator puts up with, for each track; nullopt: anything.
struct MissingLimits {
  std::optional<double> loss_percent;
  std::optional<Duration> concealment;
  std::optional<Duration> silence;
  std::optional<Duration> freeze;
  std::optional<Duration> late_key_frame;
  std::optional<Duration> stall;
  bool operator==(const MissingLimits&) const = default;
};
// One sentence for each limit that the totals exceed: "loss 2.10 % is above 1.00 %".
std::vector<std::string> exceeded(const MissingLimits& limits, const MissingTotals& totals);

}  // namespace greffe::timeline
