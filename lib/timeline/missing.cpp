#include "timeline/missing.h"

#include <algorithm>
#include <array>
#include <map>

namespace greffe::timeline {
namespace {

using std::chrono::milliseconds;
using std::chrono::seconds;

constexpr Duration Concealable = milliseconds(100);
constexpr Duration ShortestStall = milliseconds(1500);
constexpr Duration LongestStep = seconds(1);  // between pictures that a sender means to send steadily

bool is_audio(const TrackSidecar& sidecar) {
  return media::facts_of(sidecar.codec).kind == media::Kind::Audio;
}

// From one frame to the next as a rule.
Duration usual_step(const TrackSidecar& sidecar) {
  std::map<std::int64_t, std::uint64_t> steps;
  for (const FrameTicks& segment : sidecar.ticks)
    for (const TickRun& run : segment.runs) steps[run.step_ticks] += run.count;
  const auto commonest = std::max_element(steps.begin(), steps.end(),
                                          [](const auto& a, const auto& b) { return a.second < b.second; });
  if (commonest == steps.end()) return {};
  const Duration step(commonest->first * 1'000'000'000 / sidecar.clock.clock_rate.hz);
  return std::clamp(step, Duration::zero(), LongestStep);
}

// What says of a dump, or of a file of another platform, that it ends too early.
bool is_cut(const Damage& damage) {
  return damage.condition == "record-cut" || damage.condition == "file-cut" ||
         damage.condition == "file-breaks-off";
}

class Finder {
 public:
  explicit Finder(const TrackSidecar& sidecar) : sidecar_(sidecar) {}

  std::vector<MissingSpan> find() {
    for (const PacketLoss& loss : sidecar_.losses)
      spans_.push_back({MissingKind::Loss, beside_pause(loss.range), loss.packets});
    if (is_audio(sidecar_))
      add_sound();
    else
      add_pictures();
    for (const TrackGap& gap : sidecar_.gaps)
      if (gap.why == "no-media" && gap.range.duration() >= ShortestStall) add(MissingKind::Stall, gap.range);
    if (std::any_of(sidecar_.damage.begin(), sidecar_.damage.end(), is_cut))
      spans_.push_back({MissingKind::Truncation, {sidecar_.range.end, sidecar_.range.end}});
    std::stable_sort(spans_.begin(), spans_.end(), [](const MissingSpan& a, const MissingSpan& b) {
      return std::pair(a.range.start, a.kind) < std::pair(b.range.start, b.kind);
    });
    return std::move(spans_);
  }

 private:
  void add(MissingKind kind, TimeRange range) {
    if (!range.empty()) spans_.push_back({kind, range});
  }

  void add_sound() {
    for (const TrackGap& gap : sidecar_.gaps) {
      if (gap.why != "lost") continue;
      const MeetingTime silent_from = std::min(gap.range.end, gap.range.start + Concealable);
      add(MissingKind::Concealment, {gap.range.start, silent_from});
      add(MissingKind::Silence, {silent_from, gap.range.end});
    }
  }

  // Of a range between two packets, what lies before the pause in it, or after one that it begins with.
  TimeRange beside_pause(TimeRange range) const {
    for (auto gap = first_gap_after(range.start); gap != sidecar_.gaps.end(); ++gap) {
      if (gap->range.start >= range.end) break;
      if (gap->why == "lost") continue;
      if (gap->range.start <= range.start && gap->range.end < range.end) return {gap->range.end, range.end};
      if (gap->range.start > range.start) return {range.start, gap->range.start};
    }
    return range;
  }

  // The first that ends after `time`: gaps are in order.
  std::vector<TrackGap>::const_iterator first_gap_after(MeetingTime time) const {
    return std::upper_bound(sidecar_.gaps.begin(), sidecar_.gaps.end(), time,
                            [](MeetingTime value, const TrackGap& gap) { return value < gap.range.end; });
  }

  // The picture stands for what is missing, not for what was never sent.
  void add_freeze(TimeRange range) {
    for (auto gap = first_gap_after(range.start); gap != sidecar_.gaps.end(); ++gap) {
      if (gap->range.start >= range.end) break;
      if (gap->why != "no-media") continue;
      add(MissingKind::Freeze, {range.start, gap->range.start});
      range.start = gap->range.end;
    }
    add(MissingKind::Freeze, range);
  }

  // Damage parts the decodable spans; the picture before it stands until the one after.
  void add_pictures() {
    const Duration step = usual_step(sidecar_);
    for (std::size_t i = 1; i < sidecar_.decodable.size(); ++i)
      add_freeze({sidecar_.decodable[i - 1].end + step, sidecar_.decodable[i].start});
    const auto& segments = sidecar_.clock.segments;
    // Packets after the last picture that gave none.
    if (!segments.empty() && !sidecar_.decodable.empty())
      add(MissingKind::Freeze,
          {sidecar_.decodable.back().end + step, segments.back().at(segments.back().last_tick)});
    const bool waited = std::any_of(sidecar_.damage.begin(), sidecar_.damage.end(),
                                    [](const Damage& damage) { return damage.condition == "no-key-frame"; });
    if (waited && !segments.empty())
      add(MissingKind::LateKeyFrame,
          {segments.front().at(segments.front().first_tick), sidecar_.range.start});
  }

  const TrackSidecar& sidecar_;
  std::vector<MissingSpan> spans_;
};

bool harms(MissingKind kind) {
  return kind == MissingKind::Concealment || kind == MissingKind::Silence || kind == MissingKind::Freeze ||
         kind == MissingKind::LateKeyFrame;
}

MeetingTime second_of(MeetingTime time) { return std::chrono::floor<seconds>(time); }

std::optional<MissingTotals::Second> worst_second(const std::vector<MissingSpan>& spans) {
  std::map<MeetingTime, Duration> by_second;
  for (const MissingSpan& span : spans) {
    if (!harms(span.kind)) continue;
    for (MeetingTime at = span.range.start; at < span.range.end;) {
      const MeetingTime second = second_of(at);
      const MeetingTime end = std::min(span.range.end, second + seconds(1));
      by_second[second] += end - at;
      // Of whole seconds in a row the first stands for all.
      at = at == second ? std::max(end, second_of(span.range.end)) : end;
    }
  }
  const auto worst = std::max_element(by_second.begin(), by_second.end(),
                                      [](const auto& a, const auto& b) { return a.second < b.second; });
  if (worst == by_second.end()) return std::nullopt;
  return MissingTotals::Second{worst->first, worst->second};
}

}  // namespace

std::string_view name_of(MissingKind kind) {
  constexpr std::array<std::string_view, 7> Names{"loss",           "concealment", "silence",   "freeze",
                                                  "late-key-frame", "stall",       "truncation"};
  return Names[static_cast<std::size_t>(kind)];
}

std::vector<MissingSpan> missing_of(const TrackSidecar& sidecar) { return Finder(sidecar).find(); }

double MissingTotals::loss_percent() const {
  return expected_packets == 0
             ? 0.0
             : 100.0 * static_cast<double>(lost_packets) / static_cast<double>(expected_packets);
}

MissingTotals totals_of(const TrackSidecar& sidecar, const std::vector<MissingSpan>& spans) {
  MissingTotals totals;
  totals.lost_packets = sidecar.lost;
  totals.expected_packets =
      sidecar.packets - std::min(sidecar.packets, sidecar.duplicates) + sidecar.recovered + sidecar.lost;
  for (const MissingSpan& span : spans) {
    switch (span.kind) {
      case MissingKind::Loss: break;
      case MissingKind::Concealment: totals.concealment += span.range.duration(); break;
      case MissingKind::Silence: totals.silence += span.range.duration(); break;
      case MissingKind::Freeze: totals.freeze += span.range.duration(); break;
      case MissingKind::LateKeyFrame: totals.late_key_frame += span.range.duration(); break;
      case MissingKind::Stall: totals.stall += span.range.duration(); break;
      case MissingKind::Truncation: totals.truncated = true; break;
    }
  }
  totals.worst = worst_second(spans);
  return totals;
}

std::vector<std::string> exceeded(const MissingLimits& limits, const MissingTotals& totals) {
  std::vector<std::string> sentences;
  if (limits.loss_percent && totals.loss_percent() > *limits.loss_percent)
    sentences.push_back(
        fmt::format("loss {:.2f} % is above {:.2f} %", totals.loss_percent(), *limits.loss_percent));
  const auto check = [&](MissingKind kind, const std::optional<Duration>& limit, Duration total) {
    if (limit && total > *limit)
      sentences.push_back(fmt::format("{} {:.3f} s is above {:.3f} s", name_of(kind),
                                      std::chrono::duration<double>(total).count(),
                                      std::chrono::duration<double>(*limit).count()));
  };
  check(MissingKind::Concealment, limits.concealment, totals.concealment);
  check(MissingKind::Silence, limits.silence, totals.silence);
  check(MissingKind::Freeze, limits.freeze, totals.freeze);
  check(MissingKind::LateKeyFrame, limits.late_key_frame, totals.late_key_frame);
  check(MissingKind::Stall, limits.stall, totals.stall);
  return sentences;
}

}  // namespace greffe::timeline
