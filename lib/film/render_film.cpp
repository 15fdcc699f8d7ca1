#include "film/render_film.h"

#include <algorithm>
#include <map>
#include <set>
#include <thread>

#include "base/log.h"
#include "film/earlier_film.h"
#include "film/film_joiner.h"

namespace greffe::film {
namespace {

SoundMix mix_of(const FilmOrder& order) { return {order.gains, order.pan ? order.plan : nullptr}; }

std::vector<FilmCoding> codings_of(const std::vector<FilmJob>& films) {
  std::vector<FilmCoding> codings;
  for (const FilmJob& film : films) codings.push_back(film.order.coding);
  return codings;
}

// What was met in all chunks, whichever run rendered them. What has no unit is told of a track once.
void report(const RenderedChunks& chunks, DamageLog& damage) {
  canvas::TextGaps gaps;
  std::set<std::pair<std::string, std::string>> told;
  for (const RenderedChunk& chunk : chunks) {
    for (const Damage& entry : chunk.report.damage.entries())
      if (!entry.unit.empty() || told.emplace(entry.condition, entry.place).second) damage.add_entry(entry);
    gaps.add(chunk.report.gaps);
  }
  gaps.report(damage);
}

// Of each pair of condition and place that `damage` does not have yet.
void add_new(const DamageLog& more, DamageLog& damage) {
  const auto known = [&](const Damage& entry) {
    return std::any_of(damage.entries().begin(), damage.entries().end(), [&](const Damage& other) {
      return other.condition == entry.condition && other.place == entry.place;
    });
  };
  for (const Damage& entry : more.entries())
    if (!known(entry)) damage.add_entry(entry);
}

// One that was stopped because of another says nothing of why.
Status first_failure(const std::vector<Status>& all) {
  for (const Status& one : all)
    if (!one && one.error().kind() != ErrorKind::Interrupted) return one;
  for (const Status& one : all) GREFFE_CHECK(one);
  return {};
}

}  // namespace

// Films in one codec have the same pictures, which are coded once.
struct Rendering::Chunks {
  std::vector<std::size_t> target_of;  // by film
  ChunkWorkers workers;

  explicit Chunks(const Rendering& rendering)
      : target_of(targets_of(rendering.films)),
        workers(wishes_of(rendering.films, target_of), rendering.jobs, rendering.progress) {}

  static std::vector<std::size_t> targets_of(const std::vector<FilmJob>& films) {
    std::vector<std::size_t> targets;
    std::map<media::CodecId, std::size_t> by_codec;
    for (const FilmJob& film : films)
      targets.push_back(by_codec.try_emplace(film.order.coding.video, by_codec.size()).first->second);
    return targets;
  }
  static std::vector<ChunkWish> wishes_of(const std::vector<FilmJob>& films,
                                          const std::vector<std::size_t>& target_of) {
    std::vector<ChunkWish> wishes;
    for (std::size_t film = 0; film < films.size(); ++film)
      if (target_of[film] == wishes.size()) wishes.push_back({&films[film].order, &films[film].store});
    return wishes;
  }
};

// Looks what is missing of a share, after the films before these have given what they have.
Status Rendering::find_missing(Chunks& chunks, const ChunkShare& share) const {
  for (std::size_t target = 0; target < chunks.workers.targets().size(); ++target) {
    const std::vector<ChunkId>& all = chunks.workers.targets()[target].chunks;
    const std::size_t first = all.size() * (share.number - 1) / share.of;
    const std::size_t end = all.size() * share.number / share.of;
    const std::vector<ChunkId> wanted(all.begin() + static_cast<std::ptrdiff_t>(first),
                                      all.begin() + static_cast<std::ptrdiff_t>(end));
    std::size_t given = 0;
    for (std::size_t film = 0; film < films.size(); ++film) {
      if (chunks.target_of[film] != target || !films[film].earlier) continue;
      GREFFE_TRY(const std::size_t more,
                 EarlierFilm::open(*films[film].earlier, wanted)
                     .give(films[film].order, *chunks.workers.targets()[target].store));
      given += more;
    }
    const std::vector<ChunkId> missing = chunks.workers.find_missing(target, first, end);
    log::info("{} of {} chunks are rendered, {} come from the film before", missing.size(), end - first,
              given);
  }
  return {};
}

Status Rendering::render_chunks(const ChunkShare& share) const {
  Chunks chunks(*this);
  GREFFE_CHECK(find_missing(chunks, share));
  chunks.workers.start();
  return chunks.workers.finish();
}

// Each film is joined on a thread of its own, since each waits for chunks and sound in its own order.
Status Rendering::join_all(Chunks& chunks, SoundFeed& sound, const std::vector<Path>& targets) const {
  std::vector<Status> results(films.size());
  const auto note = [&](std::size_t film, Status done) {
    results[film] = std::move(done);
    if (results[film]) return;
    chunks.workers.stop();
    sound.stop();
  };
  const auto join_one = [&](std::size_t film) {
    note(film, guarded([&] {
           FilmJoiner joiner({films[film].order, film, chunks.target_of[film]}, chunks.workers, sound);
           return joiner.write(targets[film]);
         }));
  };
  {
    sound.start();
    std::vector<std::jthread> joining;
    for (std::size_t film = 1; film < films.size(); ++film) {
      Status begun = guarded([&]() -> Status {
        joining.emplace_back([&join_one, film] { join_one(film); });
        return {};
      });
      if (!begun) note(film, std::move(begun));
    }
    join_one(0);
  }
  results.push_back(chunks.workers.finish());
  sound.stop();
  results.push_back(sound.finish());
  return first_failure(results);
}

Result<std::vector<RenderedChunks>> Rendering::write_films(Chunks& chunks, const std::vector<Path>& targets,
                                                           DamageLog& damage) const {
  const FilmOrder& order = films.front().order;
  const ChunkGrid& grid = chunks.workers.grid();
  DamageLog sound_damage;
  GREFFE_TRY(const auto sound, SoundFeed::open(*order.folder, grid.clock.samples_of(grid.frames),
                                               codings_of(films), mix_of(order), sound_damage));
  GREFFE_CHECK(join_all(chunks, *sound, targets));
  std::vector<RenderedChunks> joined;
  DamageLog film_damage;
  for (std::size_t film = 0; film < films.size(); ++film) {
    const ChunkTarget& target = chunks.workers.targets()[chunks.target_of[film]];
    RenderedChunks& one = joined.emplace_back();
    for (const ChunkId& id : target.chunks) {
      GREFFE_TRY(ChunkReport report, target.store->report_of(id));
      one.push_back({id, std::move(report)});
    }
    DamageLog of_one;
    report(one, of_one);
    add_new(of_one, film_damage);
  }
  damage.add_all(film_damage);
  damage.add_all(sound_damage);
  return joined;
}

Result<std::vector<RenderedChunks>> Rendering::render_films(const std::vector<Path>& targets,
                                                            DamageLog& damage) const {
  Chunks chunks(*this);
  GREFFE_CHECK(find_missing(chunks, {}));
  chunks.workers.start();
  return write_films(chunks, targets, damage);
}

Result<std::vector<RenderedChunks>> Rendering::join(const std::vector<Path>& targets,
                                                    DamageLog& damage) const {
  Chunks chunks(*this);
  for (std::size_t i = 0; i < chunks.workers.targets().size(); ++i) {
    const ChunkTarget& target = chunks.workers.targets()[i];
    std::string lacking;
    for (const ChunkId& id : chunks.workers.find_missing(i, 0, target.chunks.size()))
      lacking += fmt::format("{}{}", lacking.empty() ? "" : ", ", id.index + 1);
    if (!lacking.empty())
      return fail("{}: of {} chunks these are missing: {}; render them with --chunk, or leave --join away",
                  target.store->folder().string(), target.chunks.size(), lacking);
  }
  return write_films(chunks, targets, damage);
}

}  // namespace greffe::film
