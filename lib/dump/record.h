// One entry of a dump: when the recorder saw it, and the bytes.
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/byte_reader.h"
#include "base/result.h"
#include "units/rtp.h"
#include "units/time.h"

namespace greffe::dump {

enum class Format : std::uint8_t { Mjr, RtpDump, Pcap, PcapNg };
std::string_view name_of(Format format);  // "mjr", "rtpdump", "pcap", "pcapng": as in reports

// Data: a message of a data channel, which is no media: 8 bytes big-endian microseconds since 1970, then the
// message.
enum class RecordKind : std::uint8_t { Rtp, Rtcp, Data };

// The addresses a packet went between; empty for formats that hold one stream.
struct Flow {
  std::string from;  // "10.78.0.1:16398" or "[2001:db8::1]:5004"
  std::string to;
  auto operator<=>(const Flow&) const = default;
};
// Of an address as it stands in a flow: without its port.
inline std::string_view host_of(std::string_view address) { return address.substr(0, address.rfind(':')); }

struct Record {
  RecordKind kind = RecordKind::Rtp;
  ArrivalTime arrival{};
  Bytes bytes;            // the RTP packet or RTCP compound; valid until the next call of next()
  bool cut = false;       // the recorder kept only the beginning: good for timing, never decoded (R54)
  bool restarts = false;  // the first record after another file header: recordings joined into one file (R57)
  std::uint32_t flow = 0;      // index for RecordSource::flow()
  std::uint64_t position = 0;  // byte offset of the record in the dump
};

// What the dump says about itself before its first record.
struct Header {
  Format format = Format::Mjr;
  std::optional<std::string> codec;   // as written: "vp8"
  bool codec_assumed = false;         // by the age of the format, which has no name for it
  std::optional<char> media;          // 'a' audio, 'v' video, 'd' data
  std::map<int, std::string> extmap;  // header extension id → URI
  std::optional<std::string> fmtp;    // format parameters as in SDP: "num_streams=4;coupled_streams=2"
  std::optional<PayloadType> red;     // payload type of RFC 2198 redundancy
  bool encrypted = false;             // end-to-end: nothing here can be decoded
  bool wall_clock = true;             // ArrivalTime counts from 1970; false: from the first record
  Duration grain{};                   // how finely arrival is written: 1 ms for .mjr v2
  bool has_arrival = true;            // false: no times (.mjr before version 2), or one for all
};

// What SDP says of a payload type beside its name (RFC 8866 §6.6, §6.15).
struct PayloadFormat {
  std::optional<ClockRate> clock;  // none where a=rtpmap has no rate that makes sense
  int channels = 1;                // audio: 1…255
  std::string fmtp;                // a=fmtp as written, without the type; at most 1024 bytes
  bool operator==(const PayloadFormat&) const = default;
};

// a=ssrc-group (RFC 5576 §4.2): "FID" a stream and its retransmissions, "FEC-FR" a stream and its error
// correction, "SIM" the layers of one picture.
struct SsrcGroup {
  std::string semantics;
  std::vector<Ssrc> ssrcs;  // 2…16
  bool operator==(const SsrcGroup&) const = default;
};

// a=rid (RFC 8851 §4): the name of a layer, and the types it is restricted to by pt=; any where that is
// empty.
struct StreamName {
  std::string rid;  // 1…32 letters, digits, "-" and "_"
  std::vector<PayloadType> types;
  bool operator==(const StreamName&) const = default;
};

// What SDP says of the packets that go to an address: in the capture itself, or in a file beside it.
struct FlowDescription {
  std::map<PayloadType, std::string> payload_types;  // a=rtpmap encoding names as written: "opus", "PCMU"
  std::map<PayloadType, PayloadFormat> formats;      // of types with an a=rtpmap or a=fmtp
  std::map<int, std::string> extmap;                 // header extension id → URI
  std::vector<SsrcGroup> groups;                     // at most 64 of a media line
  std::vector<StreamName> names;  // the same; of simulcast where a=simulcast (RFC 8853) says which are
};

// What one look through a capture finds: which flows are RTP, and what SDP says of them. Of one file only.
struct CaptureLook;

// Gives the records of one dump in file order. Memory does not grow with the file.
class RecordSource {
 public:
  virtual ~RecordSource() = default;
  virtual const Header& header() const = 0;
  // The next record, or nullopt at the end. Damage goes to the log given at opening. Fails only when the file
  // cannot be read.
  virtual Result<std::optional<Record>> next() = 0;
  virtual const Flow& flow(std::uint32_t index) const = 0;
  // Empty for formats that hold one stream: their header() says it.
  virtual const FlowDescription& description(std::uint32_t /*flow*/) const {
    static const FlowDescription Nothing;
    return Nothing;
  }
  // Shared by all who read the file after; nullptr for formats that need no look ahead.
  virtual std::shared_ptr<const CaptureLook> look() const { return nullptr; }
  // Bytes read so far, of size(): for progress.
  virtual std::uint64_t position() const = 0;
  virtual std::uint64_t size() const = 0;
};

}  // namespace greffe::dump
