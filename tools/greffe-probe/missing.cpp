#include "greffe-probe/missing.h"

#include <chrono>

#include "base/log.h"
#include "base/parse.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "flow/meeting_place.h"
#include "intake/missing_report.h"

namespace greffe::probe_tool {
namespace {

Result<std::optional<double>> percent_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  const auto value = find_number<double>(*text);
  if (!value || !(*value >= 0 && *value <= 100))
    return fail(ErrorKind::Usage, "--max-loss {}: a percentage from 0 to 100", printable(*text));
  return value;
}

Result<std::optional<Duration>> duration_of(const std::optional<std::string>& text) {
  if (!text) return std::nullopt;
  GREFFE_TRY(const auto duration, cli::parse_duration(*text));
  return Duration(duration);
}

Result<timeline::MissingLimits> limits_of(const MissingOptions& options) {
  timeline::MissingLimits limits;
  GREFFE_TRY(limits.loss_percent, percent_of(options.max_loss));
  GREFFE_TRY(limits.concealment, duration_of(options.max_concealment));
  GREFFE_TRY(limits.silence, duration_of(options.max_silence));
  GREFFE_TRY(limits.freeze, duration_of(options.max_freeze));
  GREFFE_TRY(limits.late_key_frame, duration_of(options.max_late_key_frame));
  GREFFE_TRY(limits.stall, duration_of(options.max_stall));
  return limits;
}

std::string seconds(Duration duration) {
  return duration == Duration::zero()
             ? "-"
             : fmt::format("{:.2f} s", std::chrono::duration<double>(duration).count());
}

std::vector<std::string> cells(const timeline::TrackSidecar& track, const timeline::MissingTotals& totals) {
  return {"  " + track.track,
          std::string(media::facts_of(track.codec).name),
          fmt::format("{}", totals.expected_packets),
          fmt::format("{}", totals.lost_packets),
          fmt::format("{:.2f}", totals.loss_percent()),
          seconds(totals.concealment),
          seconds(totals.silence),
          seconds(totals.freeze),
          seconds(totals.late_key_frame),
          seconds(totals.stall),
          totals.worst ? clock_text(totals.worst->start) : "-",
          totals.truncated ? "cut" : "whole"};
}

// One meeting after the other: looked at, told, and judged.
class MissingReport {
 public:
  MissingReport(const MissingOptions& options, timeline::MissingLimits limits)
      : options_(options), limits_(limits) {}

  Status add(const timeline::Meeting& meeting) {
    using cli::Align;
    cli::Table table({{"  track"},
                      {"codec"},
                      {"packets", Align::Right},
                      {"lost", Align::Right},
                      {"%", Align::Right},
                      {"concealed", Align::Right},
                      {"silence", Align::Right},
                      {"freeze", Align::Right},
                      {"late key", Align::Right},
                      {"stall", Align::Right},
                      {"worst second", Align::Right},
                      {"end"}});
    const intake::MissingOfTracks missing = intake::missing_of_tracks(meeting);
    for (std::size_t i = 0; i < meeting.tracks.size(); ++i) {
      const timeline::TrackSidecar& track = meeting.tracks[i];
      const auto totals = timeline::totals_of(track, missing[i]);
      table.add(cells(track, totals));
      judge(track, totals);
    }
    const std::string text =
        options_.json ? json::write(intake::missing_report(meeting, missing)) + "\n"
                      : fmt::format("{}  {}\n{}", meeting.id, printable(meeting.title), table.text());
    cli::print(text);
    if (!options_.png) return {};
    GREFFE_TRY(const auto png, intake::missing_strips(meeting, missing));
    return write_bytes_atomically(*options_.png, png);
  }

  int exit_code() const {
    if (exceeded_) return cli::Refused;
    return limits_ == timeline::MissingLimits{} && missing_ ? cli::WithDamage : cli::Done;
  }

 private:
  void judge(const timeline::TrackSidecar& track, const timeline::MissingTotals& totals) {
    missing_ = missing_ || totals.lost_packets > 0 || totals.worst || totals.truncated;
    for (const std::string& sentence : timeline::exceeded(limits_, totals)) {
      exceeded_ = true;
      log::error("{}: {}", track.track, sentence);
    }
  }

  const MissingOptions& options_;
  timeline::MissingLimits limits_;
  bool missing_ = false;
  bool exceeded_ = false;
};

}  // namespace

Result<int> show_missing(const MissingOptions& options, ProgressSink& progress) {
  if (options.png && options.meetings.size() > 1)
    return fail(ErrorKind::Usage, "--png draws one meeting, not {}", options.meetings.size());
  GREFFE_TRY(const timeline::MissingLimits limits, limits_of(options));
  const WallTime now(std::chrono::system_clock::now().time_since_epoch());
  MissingReport report(options, limits);
  for (const std::string& name : options.meetings) {
    DamageLog told_by_the_report;
    GREFFE_TRY(const flow::MeetingPlace place,
               flow::find_meeting_place(name, options.archive, now, progress, told_by_the_report));
    GREFFE_CHECK(report.add(place.folder.meeting));
  }
  return report.exit_code();
}

}  // namespace greffe::probe_tool
