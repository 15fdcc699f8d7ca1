// greffe-probe: what is in these dumps.
#include "base/log.h"
#include "base/text.h"
#include "cli/command_line.h"
#include "cli/exit_code.h"
#include "cli/program.h"
#include "cli/table.h"
#include "flow/library_versions.h"
#include "greffe-probe/missing.h"
#include "intake/probe.h"
#include "rtp/header_extension.h"
#include "shared/extmap_option.h"

namespace {

using namespace greffe;

struct Options {
  std::vector<std::string> files;
  std::vector<std::string> extmap;
  bool json = false;
};

class Report {
 public:
  explicit Report(const std::vector<intake::ProbedFile>& files) : zero_(intake::first_arrival_of(files)) {
    for (const intake::ProbedFile& file : files) add(file);
  }
  const std::string& text() const { return text_; }

 private:
  void add(const intake::ProbedFile& file) {
    if (!text_.empty()) text_ += "\n";
    text_ += fmt::format("{} ({})\n", printable(file.path.string()), dump::name_of(file.format));
    if (file.tracks.empty()) {
      text_ += "  no media\n";
      return;
    }
    using cli::Align;
    cli::Table table({{"  ssrc"},
                      {"kind"},
                      {"codec"},
                      {"type", Align::Right},
                      {"packets", Align::Right},
                      {"lost", Align::Right},
                      {"late", Align::Right},
                      {"copies", Align::Right},
                      {"start", Align::Right},
                      {"end", Align::Right},
                      {"clock"},
                      {"drift ppm", Align::Right},
                      {"residual ms", Align::Right}});
    for (const intake::ProbedTrack& track : file.tracks) table.add(cells(track));
    text_ += table.text();
    for (const intake::ProbedTrack& track : file.tracks) add_details(track);
  }

  static std::string name_of(const intake::ProbedTrack& track) {
    return track.ssrc ? fmt::format("  {:08x}", track.ssrc->value) : "  -";
  }

  std::vector<std::string> cells(const intake::ProbedTrack& track) const {
    const bool timed = track.has_arrival && track.counts.packets > 0;
    return {name_of(track),
            track.kind,
            printable(track.codec),
            track.payload_type ? fmt::format("{}", track.payload_type->value) : "-",
            fmt::format("{}", track.counts.packets),
            fmt::format("{}", track.counts.lost),
            fmt::format("{}", track.counts.late),
            fmt::format("{}", track.counts.duplicates),
            timed ? time(track, track.first) : "-",
            timed ? time(track, track.last) : "-",
            track.clock ? track.clock->witness : "none",
            track.drift_ppm ? fmt::format("{:.1f}", *track.drift_ppm) : "-",
            track.clock ? fmt::format("{:.1f}", track.clock->residual_ms) : "-"};
  }

  // What has no column: one line each, only where there is something to say.
  void add_details(const intake::ProbedTrack& track) {
    if (track.has_frames) {
      std::string sizes;
      for (const auto& [at, size] : track.sizes)
        sizes += fmt::format("{} {}x{} at {}", sizes.empty() ? "" : ",", size.width_px, size.height_px,
                             time(track, at));
      text_ += fmt::format("{}  {} key frames:{}\n", name_of(track), track.key_frames.size(), sizes);
    }
    if (track.counts.recovered > 0)
      text_ += fmt::format("{}  {} of {} missing packets recovered\n", name_of(track), track.counts.recovered,
                           track.counts.recovered + track.counts.lost);
    add_keys(track);
    add_clock(track);
    std::string extensions;
    for (const auto& [id, packets] : track.extensions) {
      const auto uri = track.extmap.find(id);
      const std::string name = uri == track.extmap.end()
                                   ? "?"
                                   : std::string(rtp::find_extension_name(uri->second).value_or(uri->second));
      extensions += fmt::format("{} {} {} ({})", extensions.empty() ? "" : ",", id, printable(name), packets);
    }
    if (!extensions.empty()) text_ += fmt::format("{}  extensions:{}\n", name_of(track), extensions);
    if (!track.flow.from.empty())
      text_ += fmt::format("{}  {} to {}\n", name_of(track), track.flow.from, track.flow.to);
    if (track.wall_clock && track.counts.packets > 0)
      text_ +=
          fmt::format("{}  began {}\n", name_of(track), rfc3339(WallTime(track.first.time_since_epoch()), 3));
  }

  // Who was asked for the time, and what does not fit; where arrival is all there is, only the latter.
  void add_clock(const intake::ProbedTrack& track) {
    const auto& witnesses = track.evidence.witnesses;
    for (std::size_t i = 0; witnesses.size() > 1 && i < witnesses.size(); ++i) {
      const timeline::ClockWitness& witness = witnesses[i];
      text_ += fmt::format("{}  clock by {}: {} seen", name_of(track), witness.name, witness.seen);
      if (witness.refused > 0) text_ += fmt::format(", {} refused", witness.refused);
      if (witness.offset_ms) text_ += fmt::format(", offset {:.1f} ms", *witness.offset_ms);
      if (witness.drift_ppm) text_ += fmt::format(", drift {:.1f} ppm", *witness.drift_ppm);
      if (witness.residual_ms) text_ += fmt::format(", residual {:.1f} ms", *witness.residual_ms);
      text_ += witness.used_for.empty() ? "\n" : fmt::format("; used for {}\n", witness.used_for);
    }
    if (track.evidence.capture_jitter_ms)
      text_ += fmt::format("{}  jitter of capture {:.1f} ms, of the network {:.1f} ms\n", name_of(track),
                           *track.evidence.capture_jitter_ms, *track.evidence.network_jitter_ms);
    for (const timeline::ClockContradiction& one : track.evidence.contradictions)
      text_ += fmt::format(
          "{}  clock{}: {}\n", name_of(track),
          one.at ? fmt::format(" at {}", time(track, ArrivalTime(one.at->time_since_epoch()))) : "",
          one.text);
  }

  void add_keys(const intake::ProbedTrack& track) {
    std::string keys;
    for (const timeline::TelephoneEvent& event : track.events)
      keys += fmt::format("{} {} at {} ({} ms)", keys.empty() ? "" : ",",
                          event.key.empty() ? fmt::format("event {}", event.code) : event.key,
                          time(track, ArrivalTime(event.range.start.time_since_epoch())),
                          whole_ms(event.range.end - event.range.start));
    if (!keys.empty()) text_ += fmt::format("{}  keys:{}\n", name_of(track), keys);
  }

  std::string time(const intake::ProbedTrack& track, ArrivalTime at) const {
    return clock_text(MeetingTime(track.wall_clock ? at - zero_ : at.time_since_epoch()));
  }

  ArrivalTime zero_;
  std::string text_;
};

// Every file is looked at; those that are no dumps are told at once and make the exit code 1, or 3 when
// another could be read.
Result<int> probe(const Options& options, const cli::CommonOptions& common) {
  GREFFE_TRY(intake::ProbeOptions probe_options, parse_extmap(options.extmap).map([](auto extmap) {
    return intake::ProbeOptions{.extmap = std::move(extmap)};
  }));
  const auto progress = cli::make_progress(common);
  std::vector<intake::ProbedFile> files;
  std::optional<Error> refused;
  DamageLog damage;
  for (const std::string& path : options.files) {
    auto file = intake::probe_file(path, probe_options, *progress);
    if (!file && (file.error().kind() == ErrorKind::Interrupted || options.files.size() == 1))
      return fail("{}", file.error().message());
    if (!file) {
      log::error("{}", file.error().message());
      refused = file.error();
      continue;
    }
    damage.add_all(file->damage);
    for (const intake::ProbedTrack& track : file->tracks) damage.add_all(track.damage);
    files.push_back(std::move(*file));
  }
  if (files.empty()) return cli::Failed;
  const std::string text =
      options.json ? json::write(intake::to_json(files), json::Style::Indented) + "\n" : Report(files).text();
  cli::print(text);
  const int code = cli::report_damage(damage);
  return refused ? cli::WithDamage : code;
}

}  // namespace

int main(int argc, char** argv) {
  return cli::run("greffe-probe", [&]() -> Result<int> {
    Options options;
    bool missing = false;
    probe_tool::MissingOptions of_meetings;
    cli::CommandLine command("greffe-probe",
                             "Shows what is in dumps: tracks, codecs, loss, sizes and clocks.",
                             flow::library_versions);
    command
        .arguments(
            "FILE", options.files,
            "Janus recordings (.mjr), rtpdump, pcap or pcapng; with --missing, meetings: an id, a folder "
            "or a meeting.json")
        .option("--extmap", options.extmap, "ID=URI",
                "What header extension ID is, where the dump does not say; may be given several times")
        .flag("--json", options.json,
              "One JSON document, schema greffe.probe/1; with --missing greffe.missing/1")
        .flag("--missing", missing, "Show what of meetings is missing: loss, concealment, freezes and where")
        .archive_option(of_meetings.archive)
        .option("--png", of_meetings.png, "FILE", "With --missing: draw it, one strip for each track")
        .option("--max-loss", of_meetings.max_loss, "PERCENT", "Exit 4 when more packets of a track are lost")
        .option("--max-concealment", of_meetings.max_concealment, "TIME", "… when more sound is made up")
        .option("--max-silence", of_meetings.max_silence, "TIME", "… when more sound is lost and silent")
        .option("--max-freeze", of_meetings.max_freeze, "TIME", "… when a picture stands still for longer")
        .option("--max-late-key-frame", of_meetings.max_late_key_frame, "TIME",
                "… when the first picture comes later")
        .option("--max-stall", of_meetings.max_stall, "TIME", "… when nothing is sent for longer")
        .footer(
            "Exit status: 0 whole or within the limits, 1 failed, 2 usage, 3 something is damaged or lost,\n"
            "4 a limit is exceeded, 7 no archive. More in greffe-probe(1).");
    if (const auto code = command.parse(argc, argv)) return *code;
    if (!missing && of_meetings.draws_or_limits())
      return fail(ErrorKind::Usage, "--png and the limits go with --missing");
    if (missing) {
      of_meetings.meetings = options.files;
      of_meetings.json = options.json;
      const auto progress = cli::make_progress(command.common());
      return probe_tool::show_missing(of_meetings, *progress);
    }
    return probe(options, command.common());
  });
}
