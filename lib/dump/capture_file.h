// Frames of a network capture, whatever its container: pcap and pcapng give the same.
#pragma once

#include <memory>

#include "dump/block_reader.h"
#include "dump/record.h"

namespace greffe::dump {

// One frame as the interface saw it.
struct CapturedFrame {
  int link_type = 0;                 // LINKTYPE_ number of the tcpdump registry
  ArrivalTime arrival{};             // since 1970, as the capture says
  Bytes bytes;                       // what was kept of it; valid until the next call
  std::uint32_t original_bytes = 0;  // what was on the wire
  std::uint64_t position = 0;        // byte offset in the file
  bool timed = true;                 // false: without a time, `arrival` is that of the frame before
};

class CaptureFile {
 public:
  virtual ~CaptureFile() = default;
  virtual Result<std::optional<CapturedFrame>> next() = 0;
  // Goes on at `position`, where an earlier reading of the file met a frame; what lies between is not read.
  virtual Status go_to(std::uint64_t position) = 0;
  virtual Duration grain() const = 0;
  // Behind the last frame.
  virtual std::uint64_t position() const = 0;
};

// Both fail when the first header is not whole (R51). `reader` and `damage` must outlive the file.
Result<std::unique_ptr<CaptureFile>> open_pcap(BlockReader& reader, std::string_view place,
                                               DamageLog& damage);
Result<std::unique_ptr<CaptureFile>> open_pcapng(BlockReader& reader, std::string_view place,
                                                 DamageLog& damage);

// A RecordSource over the RTP and RTCP in a capture.
struct Selection;
Result<std::unique_ptr<RecordSource>> open_capture(BlockReader reader, Format format, std::string_view place,
                                                   DamageLog& damage, const Selection& selection);

}  // namespace greffe::dump
