// Finds ULPFEC where nothing names it, by its sums.
#pragma once

#include <map>
#include <optional>

#include "rtp/fec_sums.h"

namespace greffe::rtp {

// Fed with the packets of one stream in the order they came.
class UlpfecFinder {
 public:
  struct Found {
    std::optional<PayloadType> red;  // what it and the packets it protects are wrapped in (RFC 2198), if so
    PayloadType ulpfec;
  };

  void see(const RtpPacket& packet);
  // When two packets or more of one type, and a tenth of it, are sums of others.
  std::optional<Found> found() const;

 private:
  struct Votes {
    std::uint64_t packets = 0;
    std::uint64_t fit = 0;
  };

  FecSums plain_, wrapped_;
  std::map<PayloadType, Votes> plain_types_;
  std::map<std::pair<PayloadType, PayloadType>, Votes> wrapped_types_;  // by type and the type within
};

}  // namespace greffe::rtp
