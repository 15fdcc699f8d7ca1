#include "film/stems.h"

#include <unistd.h>

#include <algorithm>
#include <cmath>
#include <set>

#include "base/text.h"
#include "codec/flac_encoder.h"
#include "codec/sound_encoder.h"
#include "container/track_muxer.h"
#include "film/open_track_sound.h"
#include "fixity/digest.h"
#include "json/value.h"
#include "mixer/placed_sound.h"

namespace greffe::film {
namespace {

constexpr std::int64_t StemSamplesAtOnce = 9600;  // 200 ms

struct Stem {
  std::string participant;
  std::string name;
  std::string file;
  std::vector<const timeline::TrackSidecar*> tracks;
  fixity::FileDigest digest;
};

// All tracks of a participant, laid on the meeting's clock.
class StemSound {
 public:
  StemSound(const timeline::MeetingFolder& folder, const Stem& stem) {
    for (const timeline::TrackSidecar* track : stem.tracks) {
      auto sound = open_track_sound(folder, *track, told_by_film_);
      if (sound) sounds_.emplace_back(std::move(*sound));
      if (opened_) opened_ = unless_damaged(sound);
    }
  }
  Result<std::vector<float>> next(std::int64_t length) {
    GREFFE_CHECK(opened_);
    if (stop_requested()) return fail(ErrorKind::Interrupted, "stopped");
    std::vector<float> stereo(static_cast<std::size_t>(2 * length));
    for (mixer::PlacedSound& sound : sounds_) GREFFE_CHECK(sound.add_to(next_, stereo));
    next_ += length;
    return stereo;
  }

 private:
  DamageLog told_by_film_;
  Status opened_;
  std::vector<mixer::PlacedSound> sounds_;
  std::int64_t next_ = 0;
};

// A decoder that gave 16 bits finds each of its values here.
std::int32_t as_24_bits(float sample) {
  constexpr float One = 8'388'608;
  return static_cast<std::int32_t>(std::lrint(std::clamp(sample * One, -One, One - 1)));
}

Status write_flac(const timeline::MeetingFolder& folder, const Stem& stem, std::int64_t samples,
                  const Path& path) {
  GREFFE_TRY(AtomicFile file, AtomicFile::create(path));
  GREFFE_TRY(codec::FlacEncoder encoder, codec::FlacEncoder::create());
  StemSound sound(folder, stem);
  GREFFE_CHECK(file.write(Bytes(encoder.head())));
  std::vector<std::int32_t> rounded;
  for (std::int64_t done = 0; done < samples; done += StemSamplesAtOnce) {
    GREFFE_TRY(const std::vector<float> stereo, sound.next(std::min(StemSamplesAtOnce, samples - done)));
    rounded.resize(stereo.size());
    std::transform(stereo.begin(), stereo.end(), rounded.begin(), as_24_bits);
    GREFFE_TRY(const std::vector<std::uint8_t> bytes, encoder.encode(rounded));
    GREFFE_CHECK(file.write(Bytes(bytes)));
  }
  GREFFE_TRY(const std::vector<std::uint8_t> rest, encoder.finish());
  GREFFE_CHECK(file.write(Bytes(rest)));
  // What all of it is, is known now.
  if (::lseek(file.file().descriptor(), 0, SEEK_SET) != 0)
    return fail_errno(fmt::format("{}: seek", path.string()));
  GREFFE_CHECK(file.write(Bytes(encoder.head())));
  return file.commit();
}

// A file that is removed unless it gets its name.
class Part {
 public:
  explicit Part(const Path& path) : path_(path), part_(path.string() + fmt::format(".{}.part", ::getpid())) {}
  ~Part() {
    std::error_code ignored;
    std::filesystem::remove(part_, ignored);
  }
  Part(const Part&) = delete;
  Part& operator=(const Part&) = delete;
  const Path& part() const { return part_; }
  Status commit() const {
    GREFFE_CHECK(sync_file(part_));
    std::error_code error;
    std::filesystem::rename(part_, path_, error);
    if (error) return fail("{}: {}", part_.string(), error.message());
    return {};
  }

 private:
  Path path_, part_;
};

// As in a film, what goes in first is as late as the encoder makes it, so that a decoder's sample 0 is that
// of the meeting and nothing is to be skipped.
Status write_opus(const timeline::MeetingFolder& folder, const Stem& stem, std::int64_t samples,
                  const Path& path) {
  GREFFE_TRY(auto encoder, codec::SoundEncoder::create(
                               media::CodecId::Opus, codec::default_sound_bitrate_bps(media::CodecId::Opus)));
  const Part file(path);
  container::TrackFormat format{.codec = media::CodecId::Opus, .title = stem.name};
  format.audio = {.codec = media::CodecId::Opus, .channels = 2};
  GREFFE_TRY(container::TrackMuxer muxer, container::TrackMuxer::create(file.part(), format));
  const auto write = [&](const std::vector<codec::SoundFrame>& packets) -> Status {
    for (const codec::SoundFrame& packet : packets) {
      const auto at = [](std::int64_t sample) { return MeetingTime(Duration(sample * 1'000'000 / 48)); };
      const std::int64_t first = packet.first_sample + encoder->lookahead();
      media::CodedFrame frame;
      frame.bytes = packet.bytes;
      GREFFE_CHECK(muxer.write(frame, at(first), at(first + packet.length) - at(first)));
    }
    return {};
  };
  StemSound sound(folder, stem);
  GREFFE_TRY(const auto ahead, sound.next(std::min<std::int64_t>(encoder->lookahead(), samples)));
  for (auto done = static_cast<std::int64_t>(ahead.size() / 2); done < samples; done += StemSamplesAtOnce) {
    GREFFE_TRY(const std::vector<float> stereo, sound.next(std::min(StemSamplesAtOnce, samples - done)));
    GREFFE_TRY(const auto packets, encoder->encode(stereo));
    GREFFE_CHECK(write(packets));
  }
  GREFFE_TRY(const auto rest, encoder->finish());
  GREFFE_CHECK(write(rest));
  GREFFE_CHECK(muxer.finish());
  return file.commit();
}

std::vector<Stem> stems_of(const timeline::MeetingFolder& folder, std::string_view ending) {
  std::vector<Stem> stems;
  std::set<std::string> taken;
  for (const timeline::Participant& participant : folder.meeting.participants) {
    Stem stem{participant.id, participant.name, "", {}, {}};
    for (const timeline::TrackSidecar& track : folder.meeting.tracks)
      if (track.participant == participant.id && media::facts_of(track.codec).kind == media::Kind::Audio &&
          track.frames > 0)
        stem.tracks.push_back(&track);
    if (stem.tracks.empty()) continue;
    const std::string base = file_name_of(participant.id);
    std::string name = base;
    for (int number = 2; !taken.insert(name).second; ++number) name = fmt::format("{}-{}", base, number);
    stem.file = fmt::format("{}{}", name, ending);
    stems.push_back(std::move(stem));
  }
  return stems;
}

json::Value to_json(const std::vector<Stem>& stems, const timeline::MeetingFolder& folder,
                    std::int64_t samples) {
  json::Array list;
  for (const Stem& stem : stems) {
    json::Array tracks;
    for (const timeline::TrackSidecar* track : stem.tracks) tracks.emplace_back(track->track);
    list.push_back(json::Object{{"participant", stem.participant},
                                {"name", stem.name},
                                {"file", stem.file},
                                {"sha256", stem.digest.digest.hex()},
                                {"bytes", stem.digest.bytes},
                                {"tracks", std::move(tracks)}});
  }
  return json::Object{{"schema", "greffe.stems/1"},
                      {"meeting", folder.meeting.id},
                      {"sample_rate_hz", 48'000},
                      {"samples", samples},
                      {"stems", std::move(list)}};
}

std::string_view ending_of(media::CodecId codec) { return codec == media::CodecId::Opus ? ".mka" : ".flac"; }

constexpr std::string_view StemListName = "stems.json";

}  // namespace

std::vector<Path> stem_files(const timeline::MeetingFolder& folder, const Path& target,
                             media::CodecId codec) {
  std::vector<Path> files{target / StemListName};
  for (const Stem& stem : stems_of(folder, ending_of(codec))) files.push_back(target / stem.file);
  return files;
}

Result<Path> write_stems(const timeline::MeetingFolder& folder, const StemOrder& order,
                         const Workers& workers) {
  GREFFE_CHECK(make_directories(order.folder));
  const bool opus = order.codec == media::CodecId::Opus;
  std::vector<Stem> stems = stems_of(folder, ending_of(order.codec));
  const auto write_one = [&](std::size_t i) -> Status {
    const Path path = order.folder / stems[i].file;
    GREFFE_CHECK(opus ? write_opus(folder, stems[i], order.samples, path)
                      : write_flac(folder, stems[i], order.samples, path));
    GREFFE_TRY(stems[i].digest, fixity::digest_of_file(path));
    return {};
  };
  GREFFE_CHECK(workers.run("stems", stems.size(), write_one));
  const Path list = order.folder / StemListName;
  GREFFE_CHECK(write_text_atomically(
      list, json::write(to_json(stems, folder, order.samples), json::Style::Indented) + "\n"));
  return list;
}

}  // namespace greffe::film
