#include "intake/repair_dumps.h"

#include <algorithm>
#include <map>
#include <set>

#include "intake/packets_beside.h"
#include "intake/repair_votes.h"

namespace greffe::intake {
namespace {

// What a dump has for a track.
struct Repairs {
  std::uint64_t packets = 0;  // that have a payload
  RepairVotes retransmissions, error_corrections;
  std::set<Ssrc> streams;
  DamageLog damage;  // of the dump

  static bool are_most(const RepairVotes& votes, std::uint64_t packets) {
    return votes.fit > 0 && votes.fit > 4 * votes.contradict && votes.fit * 5 >= packets * 4;
  }
  bool retransmit() const { return are_most(retransmissions, packets); }
  bool any() const { return retransmit() || are_most(error_corrections, packets); }
  std::uint64_t fit() const { return std::max(retransmissions.fit, error_corrections.fit); }
};

// Numbers of the streams of both: the dump's is 0.
class BothStreams {
 public:
  std::size_t number_of(const rtp::ReceivedPacket& received) {
    if (received.from_beside) return 0;
    return numbers_.try_emplace(received.parsed.packet.ssrc, numbers_.size() + 1).first->second;
  }

 private:
  std::map<Ssrc, std::size_t> numbers_;
};

RepairVotes most_of(const RepairFinder::Votes& votes) {
  RepairVotes most;
  if (const auto found = votes.find(0); found != votes.end())
    for (const auto& [stream, vote] : found->second)
      if (vote.fit > most.fit) most = vote;
  return most;
}

Result<Repairs> repairs_for(const SurveyedTrack& track, const TrackSource& dump) {
  // Packets after which a dump that fits nothing is something else.
  constexpr std::uint64_t LongestTrial = 200;
  Repairs repairs;
  DamageLog told_before;
  GREFFE_TRY(const auto of_track, DumpPackets::open(track.source, told_before));
  GREFFE_TRY(const auto both,
             PacketsBeside::open(*of_track, {{dump.file, dump.place, dump.selection}}, repairs.damage));
  RepairFinder finder;
  BothStreams streams;
  while (true) {
    GREFFE_TRY(const auto received, both->next());
    if (!received) break;
    const rtp::RtpPacket& packet = received->parsed.packet;
    finder.see(streams.number_of(*received), received->from_beside ? 0 : 1, packet);
    if (!received->from_beside || packet.payload.empty()) continue;
    repairs.streams.insert(packet.ssrc);
    repairs.packets += 1;
    repairs.retransmissions = most_of(finder.retransmissions());
    repairs.error_corrections = most_of(finder.error_corrections());
    if (repairs.packets == LongestTrial && !repairs.any()) break;
  }
  return repairs;
}

}  // namespace

Result<bool> repair_from(const TrackSource& dump, std::vector<SurveyedTrack>& tracks, DamageLog& damage) {
  SurveyedTrack* repaired = nullptr;
  Repairs best;
  for (SurveyedTrack& track : tracks) {
    if (track.container || track.source.file == dump.file || !track.survey.coding.has_arrival) continue;
    GREFFE_TRY(Repairs repairs, repairs_for(track, dump));
    if (!repairs.any() || repairs.fit() <= best.fit()) continue;
    repaired = &track;
    best = std::move(repairs);
  }
  if (repaired == nullptr) return false;
  TrackSource source = repaired->source;
  source.beside.push_back({dump.file, dump.place, dump.selection});
  TrackCoding coding = repaired->survey.coding;
  (best.retransmit() ? coding.retransmissions.beside : coding.protection.beside)
      .insert(best.streams.begin(), best.streams.end());
  GREFFE_TRY(repaired->survey, survey_track(source, std::move(coding)));
  repaired->source = std::move(source);
  damage.add_all(best.damage);
  return true;
}

}  // namespace greffe::intake
