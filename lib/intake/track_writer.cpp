#include "intake/track_writer.h"

#include "base/progress.h"
#include "container/track_muxer.h"
#include "intake/loss_recorder.h"
#include "intake/pause_finder.h"
#include "intake/segmented_packets.h"
#include "intake/sidecar_builder.h"
#include "rtp/header_extension.h"

namespace greffe::intake {
namespace {

depacketizer::Options depacketizer_options(const TrackOrder& order) {
  depacketizer::Options options{.place = order.source.place,
                                .payload_types = order.survey->coding.payload_types,
                                .elsewhere = order.survey->coding.elsewhere,
                                .format_parameters = order.survey->coding.format_parameters,
                                .audio = order.survey->coding.audio};
  for (const auto& [id, uri] : order.survey->coding.extmap) {
    if (uri == rtp::uri::AudioLevel) options.extensions.audio_level = id;
    if (uri == rtp::uri::VideoOrientation) options.extensions.video_orientation = id;
    if (uri == rtp::uri::DependencyDescriptor) options.extensions.dependencies = id;
  }
  return options;
}

container::TrackFormat format_of(const TrackOrder& order, const media::CodedFrame& first,
                                 std::vector<std::uint8_t> codec_private) {
  container::TrackFormat format{
      .codec = order.survey->coding.codec, .audio = order.survey->coding.audio, .title = order.name};
  format.codec_private = std::move(codec_private);
  format.size = first.size.value_or(media::PictureSize{});
  if (order.survey->stereo) format.audio.channels = 2;
  return format;
}

// Clear headers of packets around frames that no encoder makes (R37). A track that only lacks its key frame
// has no malformed ones.
bool looks_sealed(const TrackSurvey& survey, const DamageLog& damage) {
  constexpr std::uint64_t LeastFrames = 10;
  return survey.counts.lost == 0 &&
         damage.count("frame-malformed") + damage.count("packet-malformed") >= LeastFrames;
}

timeline::TrackSidecar sidecar_of(const TrackOrder& order) {
  const TrackSurvey& survey = *order.survey;
  timeline::TrackSidecar sidecar{.track = order.stem,
                                 .participant = order.participant,
                                 .role = order.role,
                                 .codec = survey.coding.codec,
                                 .dump = order.dump,
                                 .layer = survey.rid,
                                 .packets = survey.counts.packets,
                                 .lost = survey.counts.lost,
                                 .recovered = survey.counts.recovered,
                                 .repair_packets = survey.repair_packets,
                                 .late = survey.counts.late,
                                 .duplicates = survey.counts.duplicates,
                                 .clock = order.clock,
                                 .events = events_on(order.clock, survey)};
  if (survey.coding.codec == media::CodecId::L16) sidecar.channels = survey.coding.audio.channels;
  sidecar.opus_mapping = survey.coding.audio.mapping;
  if (!survey.ssrcs.empty()) sidecar.ssrc = *survey.ssrcs.rbegin();
  return sidecar;
}

}  // namespace

Result<timeline::TrackSidecar> write_track(const TrackOrder& order, const Path& folder) {
  timeline::TrackSidecar sidecar = sidecar_of(order);
  SidecarBuilder builder(sidecar);
  DamageLog damage;
  GREFFE_TRY(const auto packets, TrackPackets::open(order.source, order.survey->coding, damage));
  SegmentedPackets segmented(*packets, order.survey->clock, order.source.place, damage);
  LossRecorder recorded(segmented, sidecar);
  PauseFinder paused(recorded, sidecar.clock, order.survey->coding, order.survey->clock.usual_step);
  GREFFE_TRY(const auto frames, depacketizer::make_depacketizer(order.survey->coding.codec, paused,
                                                                depacketizer_options(order), damage));
  std::optional<container::TrackMuxer> muxer;
  while (true) {
    GREFFE_TRY(const auto frame, frames->next());
    if (!frame) break;
    if (stop_requested()) return fail(ErrorKind::Interrupted, "{}: stopped", order.source.place);
    if (!muxer) {
      GREFFE_TRY(auto created,
                 container::TrackMuxer::create(folder / (order.stem + ".mkv"),
                                               format_of(order, frame->frame, frames->codec_private())));
      muxer.emplace(std::move(created));
    }
    const MeetingTime at = builder.add(*frame, paused.take(frame->segment, frame->frame.ticks));
    GREFFE_CHECK(muxer->write(frame->frame, at, builder.duration_of(frame->frame)));
  }
  if (!muxer)
    return fail(
        ErrorKind::Damaged, "{}: nothing in it can be decoded{}", order.source.place,
        looks_sealed(*order.survey, damage) ? ", though no packet is missing: probably encrypted" : "");
  GREFFE_CHECK(muxer->finish());
  builder.finish();
  sidecar.damage = damage.entries();
  return sidecar;
}

}  // namespace greffe::intake
