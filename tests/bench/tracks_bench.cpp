// Reading a recording and writing its track, without what ingest does beside: both against one pass of
// SHA-256 over the same recording, in time of the processor.
//
//   DUMP=FILE.mjr WORK=/dev/shm build/bench/bench/tracks_bench
//
// tests/support/repeat_mjr.py makes large ones. Survey: the first reading. Frames: what the second does but
// for the file. Mux: all of it, the file on WORK (a tmpfs; its pages cost the kernel time that no muxer can
// spare).
#include <benchmark/benchmark.h>

#include <sys/resource.h>

#include <cstdlib>
#include <iostream>
#include <optional>

#include "depacketizer/depacketizer.h"
#include "fixity/digest.h"
#include "intake/segmented_packets.h"
#include "intake/track_writer.h"

namespace greffe {
namespace {

std::string setting(const char* name, const char* otherwise) {
  const char* const value = std::getenv(name);  // NOLINT(concurrency-mt-unsafe): nobody sets any
  return value ? value : otherwise;
}

[[noreturn]] void give_up(const Error& error) {
  std::cerr << error.message() << '\n';
  std::exit(1);  // NOLINT(concurrency-mt-unsafe)
}
template <class Value>
Value must(Result<Value> result) {
  if (!result) give_up(result.error());
  return std::move(*result);
}

intake::TrackSource source() {
  const Path file = setting("DUMP", "");
  if (file.empty()) give_up(Error("DUMP names no recording"));
  return {.file = file, .place = file.filename().string()};
}

intake::TrackSurvey survey() {
  return must(intake::survey_track(source(), must(intake::find_coding(source(), std::nullopt))));
}

// Time of this process, in seconds: user's, kernel's.
struct Spent {
  double user = 0, kernel = 0;
};
Spent spent() {
  rusage usage{};
  getrusage(RUSAGE_SELF, &usage);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return {seconds(usage.ru_utime), seconds(usage.ru_stime)};
}

// Runs `work` again and again; the figures are those of one run.
template <class Work>
void measure(benchmark::State& state, Work work) {
  const Spent before = spent();
  for (auto _ : state) work();
  const Spent after = spent();
  const auto runs = static_cast<double>(state.iterations());
  state.counters["user_s"] = (after.user - before.user) / runs;
  state.counters["kernel_s"] = (after.kernel - before.kernel) / runs;
  const auto size = static_cast<std::int64_t>(std::filesystem::file_size(source().file));
  state.SetBytesProcessed(state.iterations() * size);
}

void Sha256(benchmark::State& state) {
  measure(state, [] { benchmark::DoNotOptimize(must(fixity::digest_of_file(source().file))); });
}
BENCHMARK(Sha256)->Unit(benchmark::kMillisecond)->MinTime(2);

void Survey(benchmark::State& state) {
  measure(state, [] { benchmark::DoNotOptimize(survey()); });
}
BENCHMARK(Survey)->Unit(benchmark::kMillisecond)->MinTime(2);

void Frames(benchmark::State& state) {
  const intake::TrackSurvey known = survey();
  measure(state, [&] {
    DamageLog damage;
    const auto packets = must(intake::TrackPackets::open(source(), known.coding, damage));
    intake::SegmentedPackets segmented(*packets, known.clock, "track", damage);
    const auto frames =
        must(depacketizer::make_depacketizer(known.coding.codec, segmented,
                                             {.place = "track",
                                              .extensions = {},
                                              .payload_types = known.coding.payload_types,
                                              .format_parameters = known.coding.format_parameters,
                                              .audio = known.coding.audio},
                                             damage));
    while (must(frames->next())) {
    }
  });
}
BENCHMARK(Frames)->Unit(benchmark::kMillisecond)->MinTime(2);

void Mux(benchmark::State& state) {
  const intake::TrackSurvey known = survey();
  const Path work = setting("WORK", "/dev/shm");
  intake::TrackOrder order{.source = source(),
                           .survey = &known,
                           .clock = timeline::fit_arrival(known.clock, ArrivalTime{}, {}),
                           .stem = "greffe-tracks-bench",
                           .participant = "ann",
                           .name = "Ann",
                           .role = "camera",
                           .dump = "dumps/a.mjr"};
  measure(state, [&] {
    benchmark::DoNotOptimize(must(intake::write_track(order, work)));
    std::filesystem::remove(work / "greffe-tracks-bench.mkv");
  });
}
BENCHMARK(Mux)->Unit(benchmark::kMillisecond)->MinTime(2);

}  // namespace
}  // namespace greffe
