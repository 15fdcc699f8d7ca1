// Tells the senders of one SSRC apart, where addresses do not.
#pragma once

#include <vector>

#include "intake/dump_packets.h"
#include "rtp/jitter_buffer.h"

namespace greffe::intake {

// The tracks that a source turns out to hold after `counts` were taken of it: one for each sender that uses
// its SSRC, the one with the most packets first, the others told as damage "several-senders" (R12). Reads the
// source again only where its numbers are torn; the source itself where it has one sender.
Result<std::vector<TrackSource>> senders_of(const TrackSource& source, const rtp::PacketCounts& counts,
                                            DamageLog& damage);

}  // namespace greffe::intake
