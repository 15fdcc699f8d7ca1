// UDP datagrams of a capture, in file order.
#pragma once

#include <memory>

#include "dump/capture_file.h"
#include "dump/frame_index.h"
#include "dump/internet.h"
#include "dump/ip_reassembly.h"

namespace greffe::dump {

struct Datagram {
  Endpoint from, to;
  ArrivalTime arrival{};  // of a datagram in fragments: of the fragment that completed it
  Bytes payload;          // valid until the next call
  bool cut = false;
  std::uint64_t position = 0;
};

class DatagramReader {
 public:
  // Each frame is noted in `index`, when there is one.
  DatagramReader(std::unique_ptr<CaptureFile> file, std::string_view place, DamageLog& damage,
                 FrameIndex* index = nullptr)
      : file_(std::move(file)), place_(place), damage_(damage), index_(index), fragments_(place, damage) {}

  Result<std::optional<Datagram>> next();
  const CaptureFile& file() const { return *file_; }

 private:
  std::optional<Datagram> find_datagram(const CapturedFrame& frame);
  void note(const CapturedFrame& frame, const std::optional<Datagram>& datagram);

  std::unique_ptr<CaptureFile> file_;
  std::string place_;
  DamageLog& damage_;
  FrameIndex* index_;
  IpReassembly fragments_;
  bool for_all_ = false;  // the frame says something to all who read the file
  std::uint64_t frames_ = 0;
};

}  // namespace greffe::dump
