// The one table of dump formats: knows a file by its first bytes and opens it.
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "base/damage_log.h"
#include "base/file.h"
#include "dump/record.h"

namespace greffe::dump {

// What to look for where one file holds many streams: a capture as a rule. Empty members do not restrict; an
// .mjr or rtpdump has no addresses and is given whole. When `ssrc`, `from` or `to` is set, what matches is
// taken for RTP without the heuristics.
struct Selection {
  std::optional<Ssrc> ssrc;
  std::vector<Ssrc> also;  // taken beside `ssrc`: what goes on after it, or repairs it
  std::string from;        // address:port
  std::string to;
  // What comes by another flow and repairs it: taken whatever the others say. RTP alone.
  struct Beside {
    Ssrc ssrc;
    Flow flow;
  };
  std::vector<Beside> beside = {};

  // Whether a packet of that SSRC is wanted.
  bool takes(Ssrc packet) const {
    return !ssrc || *ssrc == packet || std::find(also.begin(), also.end(), packet) != also.end();
  }
  // A session description of the flows; it restricts nothing. Empty: find_session_description().
  Path sdp;
  // What an earlier reading of the same capture found (RecordSource::look): the file need not be read once
  // more ahead of its records, nor the session description.
  std::shared_ptr<const CaptureLook> look = {};
};

// Opens `path`. `place` names the dump in damage and messages. Fails with the first bytes and the formats
// greffe knows when it is none of them. `damage` must outlive the source.
Result<std::unique_ptr<RecordSource>> open_dump(const Path& path, std::string_view place, DamageLog& damage,
                                                const Selection& selection = {});

// The same for a file that is open already; `name` is what messages call it.
Result<std::unique_ptr<RecordSource>> open_dump(InputFile input, const Path& name, std::string_view place,
                                                DamageLog& damage, const Selection& selection = {});

// NAME.sdp beside NAME.pcap, where there is one that is no link out of their folder (R70).
std::optional<Path> find_session_description(const Path& capture);

// The format of a file by its first bytes; nullopt when it is no dump greffe knows.
Result<std::optional<Format>> find_format(const Path& path);

}  // namespace greffe::dump
