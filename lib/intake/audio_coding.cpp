#include "intake/audio_coding.h"

#include <algorithm>

#include "base/parse.h"
#include "base/text.h"
#include "depacketizer/format_parameters.h"

namespace greffe::intake {
namespace {

// Mapping family 1 of RFC 7845 §5.1.1.2, which says where each channel is heard, ends here.
constexpr std::size_t MostOpusChannels = 8;
constexpr int MostL16Channels = 2;

Status check(const media::OpusMapping& mapping) {
  if (mapping.channels.size() > MostOpusChannels)
    return fail("{} channels, at most {} can be placed", mapping.channels.size(), MostOpusChannels);
  if (mapping.streams < 1 || mapping.coupled > mapping.streams || mapping.streams + mapping.coupled > 255)
    return fail("{} streams, {} of them coupled", mapping.streams, mapping.coupled);
  for (const std::uint8_t channel : mapping.channels)
    if (channel != 255 && channel >= mapping.streams + mapping.coupled)
      return fail("channel {} of {}", channel, mapping.streams + mapping.coupled);
  return {};
}

// RFC 3551 §4.5.11 and table 4. Janus writes no rate: its "l16" is 16 kHz, its "l16-48" 48 kHz, both mono.
Result<media::AudioFormat> find_l16_format(const AudioNames& names) {
  media::AudioFormat format = media::audio_format_of(names.codec);
  if (names.described != nullptr && names.described->clock) {
    format.clock = *names.described->clock;
    format.channels = names.described->channels;
  } else if (names.type == PayloadType{10} || names.type == PayloadType{11}) {
    format.channels = names.type == PayloadType{10} ? 2 : 1;
  } else if (names.name == "l16-48" || names.name == "L16-48") {
    format.clock = ClockRate{48'000};
  } else if (names.is_mjr) {
    format.clock = ClockRate{16'000};
  } else {
    return fail(ErrorKind::Damaged,
                "nothing says the rate of its L16; an .sdp file beside it can (a=rtpmap)");
  }
  if (format.channels > MostL16Channels || format.clock.hz < 1000 || format.clock.hz > 192'000)
    return fail(ErrorKind::Damaged, "greffe makes no track of L16 at {} Hz with {} channels", format.clock.hz,
                format.channels);
  return format;
}

Result<media::AudioFormat> find_multi_opus_format(const AudioNames& names) {
  auto mapping = parse_opus_mapping(names.format_parameters);
  if (!mapping)
    return fail(ErrorKind::Damaged, "multi-channel Opus of unknown mapping: {}", mapping.error().message());
  media::AudioFormat format = media::audio_format_of(names.codec);
  format.channels = static_cast<int>(mapping->channels.size());
  format.mapping = std::move(*mapping);
  return format;
}

}  // namespace

Result<media::OpusMapping> parse_opus_mapping(std::string_view fmtp) {
  media::OpusMapping mapping;
  std::string_view channels = depacketizer::find_parameter(fmtp, "channel_mapping").value_or("");
  while (!channels.empty()) {
    const auto channel = find_number<std::uint8_t>(trimmed(take_until(channels, ',')));
    if (!channel) return fail("channel_mapping with what is no channel");
    mapping.channels.push_back(*channel);
  }
  const auto streams =
      find_number<std::uint8_t>(depacketizer::find_parameter(fmtp, "num_streams").value_or(""));
  const auto coupled =
      find_number<std::uint8_t>(depacketizer::find_parameter(fmtp, "coupled_streams").value_or(""));
  if (mapping.channels.empty() || !streams || !coupled)
    return fail("channel_mapping, num_streams and coupled_streams are needed");
  mapping.streams = *streams;
  mapping.coupled = *coupled;
  GREFFE_CHECK(check(mapping));
  return mapping;
}

Result<media::AudioFormat> find_audio_format(const AudioNames& names) {
  if (names.codec == media::CodecId::L16) return find_l16_format(names);
  if (names.codec == media::CodecId::MultiOpus) return find_multi_opus_format(names);
  return media::audio_format_of(names.codec);
}

}  // namespace greffe::intake
