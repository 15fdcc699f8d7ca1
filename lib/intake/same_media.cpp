#include "intake/same_media.h"

#include <algorithm>
#include <tuple>

namespace greffe::intake {
namespace {

constexpr Duration AboutTheSame = std::chrono::seconds(1);
// Packets that one recorder lost and another did not: no reason to take a capture.
constexpr double FewPackets = 0.1;

// Senders may begin with the same SSRC and numbers every time: where nothing else was compared, the packets
// came at about the same time of day.
bool is_of_one_moment(const RecordedStream& a, const RecordedStream& b) {
  constexpr Duration MostApart = std::chrono::minutes(1);  // two clocks
  if (!a.sketch.is_by_numbers(b.sketch) || !a.wall_clock || !b.wall_clock) return true;
  const auto shift = a.sketch.arrival_shift_to(b.sketch);
  return shift && *shift >= -MostApart && *shift <= MostApart;
}

// RTP time of `b` less that of `a` where both have the same media.
std::optional<std::uint32_t> shift_of_same_media(const RecordedStream& a, const RecordedStream& b) {
  constexpr double SameMedia = 0.5;
  const bool share = a.sketch.share_in(b.sketch) > SameMedia || b.sketch.share_in(a.sketch) > SameMedia;
  return share && is_of_one_moment(a, b) ? a.sketch.shift_to(b.sketch) : std::nullopt;
}

// Packets that a host forwards are captured where they come in and where they go out (tcpdump -i any).
bool is_same_packets(const RecordedStream& a, const RecordedStream& b) {
  return a.ssrc == b.ssrc && shift_of_same_media(a, b) == 0U;
}

// What a dump's header says is no media stays so.
bool may_be_left_out(const RecordedStream& stream) {
  return !stream.refused || !holds_one_stream(stream.format);
}

bool is_same_media(const RecordedStream& a, const RecordedStream& b) {
  if (!may_be_left_out(a) || !may_be_left_out(b)) return false;
  return a.file == b.file ? is_same_packets(a, b) : shift_of_same_media(a, b).has_value();
}

// Files whose header names codec and times come before captures, the leg that came first before those it was
// forwarded by, and streams of which nothing can be made last.
bool better_source(const RecordedStream& a, const RecordedStream& b) {
  return std::tuple(a.refused.has_value(), a.format, a.file, a.first, b.packets) <
         std::tuple(b.refused.has_value(), b.format, b.file, b.first, a.packets);
}

// How long `other` was heard. Where it has no arrival times its packets tell.
Duration length_of(const RecordedStream& other, const RecordedStream& kept) {
  if (other.has_arrival || kept.packets == 0) return other.active;
  const double ratio = static_cast<double>(other.packets) / static_cast<double>(kept.packets);
  return std::chrono::duration_cast<Duration>(kept.active * ratio);
}

// How much of the same media only `other` has, about: before and after the other's time, and by the share of
// packets, unless that is under `few`.
Duration missing_from(const RecordedStream& kept, const RecordedStream& other, double few) {
  const double share = 1 - other.sketch.share_in(kept.sketch);
  const Duration by_packets =
      share > few ? std::chrono::duration_cast<Duration>(length_of(other, kept) * share) : Duration{};
  const auto shift = other.sketch.arrival_shift_to(kept.sketch);
  if (!shift || !kept.has_arrival || !other.has_arrival) return by_packets;
  const Duration before = std::max(Duration{}, kept.first - (other.first + *shift));
  const Duration after = std::max(Duration{}, other.last + *shift - kept.last);
  // The share is of a sample: times are better where they say about the same.
  const Duration outside = before + after;
  return by_packets > outside + outside / 10 + AboutTheSame ? by_packets : outside;
}

bool is_fuller(const RecordedStream& other, const RecordedStream& kept) {
  if (other.refused) return false;
  return missing_from(kept, other, FewPackets) > missing_from(other, kept, 0) + AboutTheSame;
}

class SameMediaSorter {
 public:
  explicit SameMediaSorter(RecordedFiles& read) : read_(read) {}

  // Streams come in the order of better_source.
  void sort(std::vector<RecordedStream> streams) {
    while (!streams.empty()) {
      std::size_t kept = 0;
      for (std::size_t i = 1; i < streams.size(); ++i)
        if (is_same_media(streams[kept], streams[i]) && is_fuller(streams[i], streams[kept])) kept = i;
      RecordedStream best = std::move(streams[kept]);
      streams.erase(streams.begin() + static_cast<std::ptrdiff_t>(kept));
      const auto others =
          std::stable_partition(streams.begin(), streams.end(),
                                [&](const RecordedStream& stream) { return !is_same_media(best, stream); });
      keep(std::move(best), {std::make_move_iterator(others), std::make_move_iterator(streams.end())});
      streams.erase(others, streams.end());
    }
  }

  // What only a witness has is of the person whose other media came from the same address. Where all that
  // came from there is one payload again and again, as of who is muted, it is known under another name.
  void name_what_is_left() {
    for (RecordedStream& stream : read_.files) {
      if (!stream.name.user.empty()) continue;
      const auto owners = owners_.find({stream.file, stream.flow.from});
      if (owners != owners_.end()) {
        stream.name.room = owners->second.begin()->first;
        if (owners->second.size() == 1) stream.name.user = owners->second.begin()->second;
      } else if (const auto beside = owners_.lower_bound({stream.file, {}});
                 beside != owners_.end() && beside->first.first == stream.file) {
        stream.name.room = beside->second.begin()->first;
      }
    }
    std::erase_if(read_.files, [&](const RecordedStream& stream) {
      const bool is_known = owners_.contains({stream.file, stream.flow.from}) && !stream.refused &&
                            stream.sketch.is_one_again_and_again();
      if (is_known)
        tell_left_out(stream, fmt::format("from {} (SSRC {:08x}) came one payload again and again",
                                          stream.flow.from, stream.ssrc.value_or(Ssrc{}).value));
      return is_known;
    });
  }

 private:
  void keep(RecordedStream best, const std::vector<RecordedStream>& others) {
    const auto named = std::find_if(others.begin(), others.end(),
                                    [](const RecordedStream& other) { return !other.name.user.empty(); });
    if (best.name.user.empty() && named != others.end()) best.name = named->name;
    if (!holds_one_stream(best.format) && named != others.end()) note_owner(best, best);
    for (const RecordedStream& other : others) leave_out(other, best);
    read_.files.push_back(std::move(best));
  }

  void note_owner(const RecordedStream& stream, const RecordedStream& known) {
    owners_[{stream.file, stream.flow.from}].insert({known.name.room, known.name.user});
  }

  void leave_out(const RecordedStream& stream, const RecordedStream& kept) {
    if (kept.file == stream.file) {
      tell_left_out(stream,
                    fmt::format("the same packets went from {} to {}, too", kept.flow.from, kept.flow.to));
    } else if (holds_one_stream(stream.format)) {
      tell_left_out(stream, fmt::format("{} has the same media", kept.file.filename().string()));
    } else {
      witness_of(stream.file).known_in.insert(kept.file);
      note_owner(stream, kept);
    }
    const Duration missing = missing_from(kept, stream, FewPackets);
    if (missing > AboutTheSame) tell_missing(stream, kept, missing);
  }

  // Its dump is kept as a witness.
  void tell_missing(const RecordedStream& stream, const RecordedStream& kept, Duration missing) {
    if (kept.file != stream.file) witness_of(stream.file).known_in.insert(kept.file);
    read_.damage[kept.file].add(
        {.condition = "media-left-out",
         .place = stream.file.filename().string(),
         .unit = "ms",
         .amount = static_cast<std::uint64_t>(whole_ms(missing)),
         .text =
             fmt::format("about {:.1f} s of it are not in {}, of which the track is made; the dump is kept",
                         std::chrono::duration<double>(missing).count(),
                         kept.file != stream.file
                             ? kept.file.filename().string()
                             : fmt::format("the same packets from {} to {}", kept.flow.from, kept.flow.to))});
  }

  RecordedWitness& witness_of(const Path& file) {
    for (RecordedWitness& witness : read_.witnesses)
      if (witness.file == file) return witness;
    return read_.witnesses.emplace_back(RecordedWitness{file, {}});
  }

  void tell_left_out(const RecordedStream& stream, const std::string& why) {
    read_.refusals.emplace_back(fmt::format("{}: left out: {}", stream.file.filename().string(), why));
  }

  RecordedFiles& read_;
  std::map<std::pair<Path, std::string>, std::set<std::pair<std::string, std::string>>> owners_;
};

}  // namespace

void keep_one_of_each(std::vector<RecordedStream> streams, RecordedFiles& read) {
  std::stable_sort(streams.begin(), streams.end(), better_source);
  SameMediaSorter sorter(read);
  sorter.sort(std::move(streams));
  sorter.name_what_is_left();
}

}  // namespace greffe::intake
