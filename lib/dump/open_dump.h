// The one table of dump formats: knows a file by its first bytes and opens it.
#pragma once

#include <memory>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "dump/record.h"

namespace greffe::dump {

// What to look for in a capture file, where one file holds many streams. Empty members do not restrict.
// When `ssrc`, `from` or `to` is set, what matches is taken for RTP without the heuristics.
struct Selection {
  std::optional<Ssrc> ssrc;
  std::string from;  // address:port
  std::string to;
  // A session description of the flows; it restricts nothing. Empty: NAME.sdp beside NAME.pcap, where there
  // is one.
  Path sdp;
};

// Opens `path`. `place` names the dump in damage and messages. Fails with the first bytes and the formats
// greffe knows when it is none of them. `damage` must outlive the source.
Result<std::unique_ptr<RecordSource>> open_dump(const Path& path, std::string_view place, DamageLog& damage,
                                                const Selection& selection = {});

// The same for a file that is open already; `name` is what messages call it.
Result<std::unique_ptr<RecordSource>> open_dump(InputFile input, const Path& name, std::string_view place,
                                                DamageLog& damage, const Selection& selection = {});

// The format of a file by its first bytes; nullopt when it is no dump greffe knows.
Result<std::optional<Format>> find_format(const Path& path);

}  // namespace greffe::dump
