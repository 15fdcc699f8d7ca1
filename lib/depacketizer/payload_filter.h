// Which packets of a track hold its media.
#pragma once

#include "base/damage_log.h"
#include "depacketizer/depacketizer.h"

namespace greffe::depacketizer {

// Decides by payload type (R13). Telephone events and comfort noise are left out in silence (R22, R23),
// payloads of another codec and of no known type are damage. With an empty map every type holds the codec.
class PayloadFilter {
 public:
  // `options` and `damage` must outlive the filter.
  PayloadFilter(media::CodecId codec, const Options& options, DamageLog& damage)
      : codec_(codec), options_(options), damage_(damage) {}

  // False also for packets without payload: they use a number and carry nothing (R17, R18).
  bool holds_media(const rtp::OrderedPacket& packet);

 private:
  bool is_of_codec(const rtp::OrderedPacket& packet);

  media::CodecId codec_;
  const Options& options_;
  DamageLog& damage_;
};

}  // namespace greffe::depacketizer
