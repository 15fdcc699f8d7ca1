// Recordings of rtptools' rtpdump, of WebRTC's test tools and of Wireshark.
#pragma once

#include <memory>

#include "dump/block_reader.h"
#include "dump/record.h"

namespace greffe::dump {

// `damage` must outlive the source.
Result<std::unique_ptr<RecordSource>> open_rtpdump(BlockReader reader, std::string_view place,
                                                   DamageLog& damage);

}  // namespace greffe::dump
