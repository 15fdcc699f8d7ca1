// Who sits where at one time after the other: the memory that keeps a plan steady.
#pragma once

#include <map>
#include <set>
#include <string>
#include <vector>

#include "layout/candidates.h"
#include "layout/layouts.h"
#include "layout/seats.h"

namespace greffe::layout {

class Arranger {
 public:
  // Both must outlive this object.
  Arranger(const Sources& sources, const PlanOptions& options);

  // The tiles at `time`, which never goes back, of all that could be shown then; without highlights and
  // labels.
  std::vector<Tile> tiles_at(MeetingTime time, std::vector<Candidate> candidates);

 private:
  using Chosen = std::vector<const Candidate*>;

  const Candidate* leader_of(const std::vector<Candidate>& candidates, MeetingTime time) const;
  const Candidate* find_leader(const std::vector<Candidate>& candidates, MeetingTime time) const;
  bool share_begins_soon(MeetingTime time) const;
  Chosen main_of(const std::vector<Candidate>& candidates) const;
  bool wanted(const Candidate& candidate, const Region& region, const Chosen& main) const;
  bool matches(const std::string& pattern, const Candidate& candidate) const;
  Chosen chosen(Chosen wanted, const Region& region, std::size_t most, MeetingTime time) const;
  int rank_of(const Candidate& candidate, MeetingTime time) const;
  MeetingTime last_word(const Candidate& candidate, MeetingTime time) const;
  std::size_t people_soon(MeetingTime time) const;
  void place(const Region& region, const Chosen& main, const std::vector<Candidate>& candidates,
             MeetingTime time, std::vector<Tile>& tiles);

  const Sources& sources_;
  const PlanOptions& options_;
  Audiences audiences_;                 // at the time at hand
  std::map<std::string, Seats> seats_;  // by region
  std::set<std::string> shown_;         // keys, in the scene before
  std::string led_;                     // who led then
  const Candidate* leader_ = nullptr;   // while tiles_at() runs
};

}  // namespace greffe::layout
